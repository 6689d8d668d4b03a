import { describe, expect, it } from 'vitest';
import { pathError, pathFailed } from '../../../client/sdk/path-words.ts';

describe('pathFailed()', () => {
  it('says what the server knows of the path, after what anybody can do', () => {
    const error = pathFailed([
      { code: 'ice-no-request', text: 'Nothing arrived' },
      { code: 'mdns-unresolved', text: 'A name was not resolved' },
    ]);
    expect(error.code).toBe('ice-failed');
    expect(error.advice).toBe(
      `${pathError('ice-failed').advice} The server says: Nothing arrived. A name was not resolved.`,
    );
  });
});

import { describe, expect, it } from 'vitest';
import { MAX_TRIES, retryAfter } from '../../../client/page/back-off.ts';
import { CallError, type CallErrorCode } from '../../../client/sdk/call-error.ts';

const error = (code: CallErrorCode, retryAfterSeconds?: number) =>
  new CallError(code, { title: 'It failed', advice: 'Try again.' }, { retryAfterSeconds });

describe('retryAfter()', () => {
  it('waits longer each time, and then leaves it to the person', () => {
    const waits = Array.from({ length: MAX_TRIES + 1 }, (_, index) =>
      retryAfter(error('server-unreachable'), index + 1),
    );
    expect(waits).toEqual([1, 2, 4, 8, 10, null]);
  });

  it.each([
    [5, 1, 5],
    [1, 4, 8],
    [3_600, 1, 60],
  ])('where the server asks for %i s, try %i comes after %i s', (asked, attempt, seconds) => {
    expect(retryAfter(error('sessions-exhausted', asked), attempt)).toBe(seconds);
  });

  it.each<CallErrorCode>(['camera-refused', 'key-required', 'model-unknown', 'sdp-invalid', 'internal'])(
    'does not try again by itself after %s',
    (code) => {
      expect(retryAfter(error(code), 1)).toBeNull();
    },
  );
});

import { describe, expect, it } from 'vitest';
import { defaultReconnect, reconnectDelay } from '../../../peer/sources/reconnect.ts';

describe('reconnectDelay()', () => {
  it('waits twice as long each time, up to half a minute', () => {
    const waits = [0, 1, 2, 3, 4, 5, 6, 50].map((tries) => reconnectDelay(defaultReconnect, tries, 0));
    expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30, 30].map((seconds) => seconds * 1000));
  });

  it('gives up after five minutes without a picture', () => {
    expect(reconnectDelay(defaultReconnect, 3, 299_999)).toBe(8_000);
    expect(reconnectDelay(defaultReconnect, 3, 300_000)).toBeUndefined();
  });
});

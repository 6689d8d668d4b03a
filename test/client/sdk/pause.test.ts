import { describe, expect, it } from 'vitest';
import { CallError, type CallErrorCode } from '../../../client/sdk/call-error.ts';
import { pauseSeconds } from '../../../client/sdk/process/pause.ts';

const error = (code: CallErrorCode, retryAfterSeconds?: number) =>
  new CallError(code, { title: 'Gone', advice: 'Wait.' }, { retryAfterSeconds });

describe('pauseSeconds()', () => {
  it('grows from one second to half a minute, and goes on for ever', () => {
    const pauses = [1, 2, 3, 5, 6, 1_000].map((attempt) =>
      pauseSeconds(error('server-unreachable'), attempt, 0.5),
    );
    expect(pauses).toEqual([1, 2, 4, 16, 30, 30]);
  });

  it('spreads the calls of those who lost the server together by a quarter each way', () => {
    expect([0, 1].map((random) => pauseSeconds(error('peer-lost'), 3, random))).toEqual([3, 5]);
  });

  it('waits as long as the server asks, a minute at most', () => {
    expect(pauseSeconds(error('sessions-exhausted', 20), 1, 0)).toBe(20);
    expect(pauseSeconds(error('sessions-exhausted', 3_600), 1, 0)).toBe(60);
  });

  it.each<CallErrorCode>(['key-required', 'model-unknown', 'browser-unsupported'])(
    'is null for %s, which does not pass by itself',
    (code) => {
      expect(pauseSeconds(error(code), 1, 0.5)).toBeNull();
    },
  );

  it('is as short as can be where nothing went wrong', () => {
    expect(pauseSeconds(undefined, 1, 0.5)).toBe(1);
  });
});

import { describe, expect, it } from 'vitest';
import { Places } from '../../../../peer/door/infer/places.ts';

const never = new AbortController().signal;

describe('Places', () => {
  it('takeNow() refuses where all are taken, and not once one is given back', () => {
    const places = new Places(1);
    const place = places.takeNow();
    expect(() => places.takeNow()).toThrow(
      expect.objectContaining({ code: 'infer-busy', retryAfterSeconds: 1 }),
    );
    place[Symbol.dispose]();
    place[Symbol.dispose]();
    places.takeNow();
    expect(() => places.takeNow()).toThrow();
  });

  it('take() lets in by the order of asking', async () => {
    const places = new Places(1);
    const order: string[] = [];
    const first = await places.take(never);
    const waiting = ['a', 'b'].map(async (name) => {
      using _place = await places.take(never);
      order.push(name);
    });
    first[Symbol.dispose]();
    await Promise.all(waiting);
    expect(order).toEqual(['a', 'b']);
    places.takeNow();
  });

  it('take() ends with its signal and leaves its turn to the next', async () => {
    const places = new Places(1);
    const first = await places.take(never);
    const abort = new AbortController();
    const left = places.take(abort.signal);
    const stays = places.take(never);
    abort.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    first[Symbol.dispose]();
    await stays;
    await expect(places.take(abort.signal)).rejects.toThrow('gone');
  });
});

import { setImmediate as turn } from 'node:timers/promises';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import type { CodedUnit, VideoDecoder } from '../../../peer/codec/decoder.ts';
import { DecodeStage } from '../../../peer/pipeline/decode-stage.ts';
import { SightlineError } from '../../../protocol/errors.ts';

/** Takes a unit when it is let, and notes which it was given. */
class SlowDecoder implements VideoDecoder {
  readonly given: number[] = [];
  #current: PromiseWithResolvers<undefined> | undefined;

  decode({ timestamp }: CodedUnit): Promise<undefined> {
    this.given.push(timestamp);
    this.#current = Promise.withResolvers();
    return this.#current.promise;
  }

  /** Ends the unit in work. */
  async end(error?: Error): Promise<void> {
    if (error) this.#current?.reject(error);
    else this.#current?.resolve(undefined);
    await turn();
  }

  close(): void {
    this.#current?.resolve(undefined);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function setUp() {
  const decoder = new SlowDecoder();
  let broken = 0;
  const stage = new DecodeStage({
    decoder,
    onFrame: () => {},
    onBroken: () => broken++,
    log: pino({ level: 'silent' }),
    warn: () => {},
  });
  const push = (from: number, to: number, keyframe = false) => {
    for (let timestamp = from; timestamp <= to; timestamp++) {
      stage.push({ data: new Uint8Array(1), timestamp, keyframe, arrivedAt: 0 });
    }
  };
  const decodeAll = async () => {
    for (let before = -1; before < decoder.given.length; ) {
      before = decoder.given.length;
      await decoder.end();
    }
  };
  return { decoder, stage, push, decodeAll, broken: () => broken };
}

describe('DecodeStage', () => {
  it('decodes nothing between a queue that was thrown away and the next key frame', async () => {
    const { decoder, stage, push, decodeAll, broken } = setUp();
    push(0, 0, true);
    // One is in work, eight wait; the tenth finds no room, and those after it were whole already.
    push(1, 12);
    expect([stage.overflows, broken()]).toEqual([1, 1]);
    push(13, 13, true);
    push(14, 14);
    await decodeAll();
    expect(decoder.given).toEqual([0, 13, 14]);
    await stage.close();
  });

  it('goes on at a key frame that finds no room, without asking for another', async () => {
    const { decoder, stage, push, decodeAll, broken } = setUp();
    push(0, 8);
    push(9, 9, true);
    push(10, 10);
    await decodeAll();
    expect([decoder.given, stage.overflows, broken()]).toEqual([[0, 9, 10], 1, 0]);
    await stage.close();
  });

  it('decodes nothing that refers to a unit that could not be decoded', async () => {
    const { decoder, stage, push, decodeAll, broken } = setUp();
    push(0, 3);
    await decoder.end(new SightlineError('codec-failed', 'Cannot decode'));
    push(4, 4);
    expect([decoder.given, broken(), stage.failures]).toEqual([[0], 1, 1]);
    push(5, 5, true);
    await decodeAll();
    expect(decoder.given).toEqual([0, 5]);
    await stage.close();
  });

  it('goes on at a key frame that waits already', async () => {
    const { decoder, stage, push, decodeAll, broken } = setUp();
    push(0, 2);
    push(3, 3, true);
    push(4, 4);
    await decoder.end(new SightlineError('codec-failed', 'Cannot decode'));
    await decodeAll();
    expect([decoder.given, broken()]).toEqual([[0, 3, 4], 0]);
    await stage.close();
  });
});

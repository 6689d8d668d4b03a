import { AVCOL_SPC_BT709 } from 'node-av/constants';
import { afterEach, describe, expect, it } from 'vitest';
import type { Codecs } from '../../../peer/codec/codecs.ts';
import { nativeCodecs } from '../../../peer/codec/native/codecs.ts';
import { NativeVideoFrame } from '../../../peer/codec/native/video-frame.ts';
import { openProcessCodecs } from '../../../peer/codec/process/codecs.ts';
import { PlainVideoFrame } from '../../../peer/codec/process/video-frame.ts';
import type { VideoFrame } from '../../../peer/codec/video-frame.ts';
import { eventually } from '../../support/eventually.ts';
import { paintFlat, paintSynthetic } from '../../support/pictures.ts';

/** One of the ways to decode and encode, and frames of its own to test it with. */
export interface Implementation {
  readonly name: 'node-av' | 'ffmpeg process';
  readonly codecs: Codecs;
  /** What `syntheticFrame()` of test/support paints. */
  syntheticFrame(width: number, height: number, n: number, timestamp?: number): VideoFrame;
  flatFrame(
    width: number,
    height: number,
    colour: readonly [y: number, u: number, v: number],
    timestamp?: number,
  ): VideoFrame;
}

/** undefined where this machine has no ffmpeg program. */
export const processCodecs: Codecs | undefined = await openProcessCodecs(process.env['FFMPEG_PATH']).catch(
  () => undefined,
);

/** The contract that every implementation keeps: the same tests of each, which end with nothing left open. */
export function describeCodecs(title: string, tests: (implementation: Implementation) => void): void {
  describe(`${title}, node-av`, () => {
    afterEach(() => expectNothingLeft(nativeCodecs));
    tests(implementationOf('node-av', nativeCodecs));
  });
  if (!processCodecs) {
    it.skip(`${title}, ffmpeg process (needs an ffmpeg program)`);
    return;
  }
  const codecs = processCodecs;
  describe(`${title}, ffmpeg process`, () => {
    afterEach(() => expectNothingLeft(codecs));
    tests(implementationOf('ffmpeg process', codecs));
  });
}

function implementationOf(name: Implementation['name'], codecs: Codecs): Implementation {
  return {
    name,
    codecs,
    syntheticFrame: (width, height, n, timestamp = n * 3000) => {
      const frame = codecs.allocateFrame(width, height, timestamp >>> 0);
      paintSynthetic(frame.picture, n);
      return frame;
    },
    flatFrame: (width, height, colour, timestamp = 0) => {
      const frame = codecs.allocateFrame(width, height, timestamp);
      paintFlat(frame.picture, colour);
      return frame;
    },
  };
}

/** A process that was killed is gone soon after. */
export async function expectNothingLeft(codecs: Codecs): Promise<void> {
  const limits = { timeoutMs: codecs === nativeCodecs ? 0 : 5_000, intervalMs: 5 };
  const left = await eventually(
    async () => codecs.live,
    (live) => live === 0,
    limits,
  );
  expect(left).toBe(0);
}

/** Takes the frame over. @returns one that says it is in BT.709 */
export function inBt709(frame: VideoFrame): VideoFrame {
  if (frame instanceof PlainVideoFrame) {
    using plain = frame;
    return new PlainVideoFrame(plain.planes.hold(), plain.timestamp, 'bt709');
  }
  if (frame instanceof NativeVideoFrame) frame.native.colorSpace = AVCOL_SPC_BT709;
  return frame;
}

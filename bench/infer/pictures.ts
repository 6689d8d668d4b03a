import { nativeCodecs } from '../../peer/codec/native/codecs.ts';
import { footagePath, readFootage } from '../../test/support/footage.ts';
import { type packed, syntheticFrame } from '../../test/support/pictures.ts';

const SIZE = { width: 1920, height: 1080 };
export const QUALITIES = [100, 80, 50] as const;

/** One frame of 1080p in the forms in which it may cross a wire. */
export interface Pictures {
  /** Where it is from. */
  readonly origin: string;
  readonly rgb: Uint8Array;
  readonly jpegs: ReadonlyMap<(typeof QUALITIES)[number], Uint8Array>;
  /** Milliseconds of each encoding. */
  readonly encodingMs: ReadonlyMap<(typeof QUALITIES)[number], number>;
}

/** A frame of the test film, enlarged; a painted one where there is no film. */
export async function makePictures(): Promise<Pictures> {
  const path = footagePath('asl_milk.mkv');
  using frame = path === undefined ? syntheticFrame(SIZE.width, SIZE.height, 0) : await frameOf(path);
  const rgb = new Uint8Array(SIZE.width * SIZE.height * 3);
  using scaler = nativeCodecs.newScaler();
  await scaler.scale(frame, SIZE.width, SIZE.height, rgb, SIZE.width * 3);
  const jpegs = new Map<(typeof QUALITIES)[number], Uint8Array>();
  const encodingMs = new Map<(typeof QUALITIES)[number], number>();
  for (const quality of QUALITIES) {
    using encoder = nativeCodecs.openJpegEncoder({ quality });
    await encoder.encode(frame);
    const startedAt = performance.now();
    jpegs.set(quality, await encoder.encode(frame));
    encodingMs.set(quality, performance.now() - startedAt);
  }
  return { origin: path === undefined ? 'a painted frame' : 'film, enlarged', rgb, jpegs, encodingMs };
}

/** With the noise of a camera, which enlarging takes away and which is most of what a JPEG of a camera holds. */
async function frameOf(path: string) {
  let n = 0;
  for await (const frame of readFootage(path, SIZE)) {
    if (n++ === 30) return withNoise(frame);
    frame.close();
  }
  throw new Error('Expected a film of more than 30 frames');
}

function withNoise<Frame extends { readonly picture: Parameters<typeof packed>[0] }>(frame: Frame): Frame {
  const [luma] = frame.picture.planes;
  // The same each time (a linear congruential generator), -3 to 3.
  let state = 1;
  for (let at = 0; at < luma.length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    luma[at] = Math.min(235, Math.max(16, (luma[at] ?? 0) + ((state >>> 24) % 7) - 3));
  }
  return frame;
}

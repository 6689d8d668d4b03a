import { nativeCodecs } from '../../peer/codec/native/codecs.ts';
import type { VideoFrame } from '../../peer/codec/video-frame.ts';
import { footagePath, readFootage } from '../../test/support/footage.ts';
import { syntheticFrame } from '../../test/support/pictures.ts';

const SIZE = { width: 640, height: 480 };
const COUNT = 60;
const QUALITY = 85;

/** Two seconds of the test film as JPEGs; painted ones where there is no film. */
export async function filmFrames(): Promise<{
  readonly origin: string;
  readonly jpegs: readonly Uint8Array[];
}> {
  const path = footagePath('asl_milk.mkv');
  const frames = path === undefined ? painted() : readFootage(path, SIZE);
  return { origin: path === undefined ? 'painted frames' : 'film', jpegs: await encodeAll(frames) };
}

/** Of which a JPEG is as large as it gets. */
export function noiseFrames(): Promise<readonly Uint8Array[]> {
  return encodeAll(noise());
}

async function encodeAll(frames: Iterable<VideoFrame> | AsyncIterable<VideoFrame>): Promise<Uint8Array[]> {
  using encoder = nativeCodecs.openJpegEncoder({ quality: QUALITY });
  const jpegs: Uint8Array[] = [];
  for await (const frame of frames) {
    using owned = frame;
    jpegs.push(await encoder.encode(owned));
    if (jpegs.length === COUNT) break;
  }
  return jpegs;
}

function* painted(): Generator<VideoFrame> {
  for (let index = 0; index < COUNT; index++) yield syntheticFrame(SIZE.width, SIZE.height, index);
}

function* noise(): Generator<VideoFrame> {
  for (let index = 0; index < 4; index++) {
    const frame = nativeCodecs.allocateFrame(SIZE.width, SIZE.height, index);
    const [luma, ...chroma] = frame.picture.planes;
    // The same each time (a linear congruential generator).
    let state = index + 1;
    for (let at = 0; at < luma.length; at++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      luma[at] = state >>> 24;
    }
    for (const plane of chroma) plane.fill(128);
    yield frame;
  }
}

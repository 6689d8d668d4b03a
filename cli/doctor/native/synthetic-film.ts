import type { Codecs } from '../../../peer/codec/codecs.ts';
import type { I420Picture } from '../../../peer/vision/i420.ts';

const SIZE = { width: 320, height: 240 };
const FRAME_RATE = 30;
const FRAME_TICKS = 90_000 / FRAME_RATE;
const BITRATE = 500_000;

/** A film of one second in VP8 that needs no camera: a gradient that drifts. The first frame is a key frame. */
export async function syntheticFilm(codecs: Codecs): Promise<Uint8Array[]> {
  using encoder = await codecs.openEncoder({
    codec: 'VP8',
    ...SIZE,
    bitrate: BITRATE,
    frameRate: FRAME_RATE,
  });
  const frames: Uint8Array[] = [];
  for (let n = 0; n < FRAME_RATE; n += 1) {
    using frame = codecs.allocateFrame(SIZE.width, SIZE.height, n * FRAME_TICKS);
    paint(frame.picture, n);
    const encoded = await encoder.encode(frame, { keyframe: n === 0 });
    if (encoded) frames.push(encoded.data);
  }
  return frames;
}

function paint({ width, height, planes, strides }: I420Picture, n: number): void {
  const [luma, ...chroma] = planes;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) luma[y * strides[0] + x] = 64 + ((x + y + 4 * n) % 128);
  }
  for (const plane of chroma) plane.fill(128);
}

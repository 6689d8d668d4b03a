import { NativeDecoder } from '../../peer/codec/native/decoder.ts';
import type { AccessUnit, VideoCodec } from '../../peer/rtp/packet.ts';
import type { I420Picture } from '../../peer/vision/i420.ts';

/** The most vivid green that any of the frames has, in pixels. */
export async function greenest(codec: VideoCodec, units: readonly AccessUnit[]): Promise<number> {
  using decoder = await NativeDecoder.open(codec);
  let most = 0;
  for (const unit of units) {
    using frame = await decoder.decode(unit);
    if (frame) most = Math.max(most, greenPixels(frame.picture));
  }
  return most;
}

/** How many pixels have the vivid green that a person's box is drawn in. */
function greenPixels({ planes: [y, u, v], strides, width, height }: I420Picture): number {
  let count = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const luma = y[row * strides[0] + column] ?? 0;
      const chroma = (row >> 1) * strides[1] + (column >> 1);
      if (luma > 90 && (u[chroma] ?? 128) < 100 && (v[chroma] ?? 128) < 100) count++;
    }
  }
  return count;
}

import type { PixelRect } from '../draw/pixel-rect.ts';
import { planesOf } from '../draw/plane.ts';
import type { I420Picture } from '../i420.ts';
import { samplesIn } from './region.ts';
import { soften } from './soften.ts';

/**
 * Blurs a rectangle, of nothing but what is in it. Chroma samples that the rectangle touches count to it, so that at
 * odd positions nothing is left of its colours.
 *
 * @param rect clipped at the picture.
 * @param radius in luma pixels; below 1 leaves luma as it is.
 */
export function blur(picture: I420Picture, rect: PixelRect, radius: number): void {
  for (const plane of planesOf(picture)) {
    const part = samplesIn(rect, plane);
    if (!part) continue;
    const rows = soften(plane, part, radius / plane.subsampling);
    const width = part.right - part.left;
    for (let row = part.top; row < part.bottom; row++) {
      rows.seek(row - part.top);
      plane.data.set(rows.read(0, width), row * plane.stride + part.left);
    }
  }
}

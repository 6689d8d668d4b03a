import type { PixelRect } from '../draw/pixel-rect.ts';
import type { Plane } from '../draw/plane.ts';
import { ScaledRows } from '../draw/scaled-rows.ts';
import { average } from './average.ts';
import { boxBlur } from './box-blur.ts';

/** No coarser than this, for the sake of large radii in small pictures. */
const coarsest = 16;

/**
 * Blurs a part of a plane, twice by a box, which comes near to a Gaussian bell (standard deviation some 0.8 radii). A
 * wide blur is done in a smaller picture: the part is first averaged down to where the radius is 2 or 3 samples, which
 * the eye cannot tell from the blur in full size and costs a quarter.
 *
 * @param radius in samples of the plane.
 * @returns the rows of the part, from 0 on, in its own size.
 */
export function soften(plane: Plane, part: PixelRect, radius: number): ScaledRows {
  const shrink = radius >= 3 ? Math.min(coarsest, 2 ** Math.floor(Math.log2(radius / 1.5))) : 1;
  const small = average(plane, part, shrink);
  const reach = Math.min(Math.round(radius / shrink), Math.max(small.width, small.height));
  for (const _ of [1, 2]) boxBlur(small.data, small.width, small.height, reach);
  return new ScaledRows(small, part.right - part.left, 1 / shrink, 1 / shrink);
}

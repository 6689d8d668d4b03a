import { hasSize } from '../draw/mask-spans.ts';
import type { Mask } from '../found.ts';
import { boxBlur } from './box-blur.ts';

/**
 * What lies around the thing that a mask covers: 255 where all must be hidden, falling to 0 within the thing, `width`
 * samples of the mask inside its edge. So the edge is soft and yet nothing from outside shows through. A mask without
 * size, or with less data than its size says, leaves nothing but around.
 */
export function aroundMask(mask: Mask, feather: number): Mask {
  if (!hasSize(mask)) return { width: 1, height: 1, data: Uint8Array.of(255) };
  const { width, height, data } = mask;
  const around = data.slice(0, width * height);
  boxBlur(around, width, height, Math.max(0, Math.round(feather)));
  // At a straight edge half the square is inside and the mean 128: from there on, twice what is missing to 255. In a
  // corner or a hole the mean is higher, and the mask itself says what is outside.
  for (let at = 0; at < around.length; at++) {
    const missing = Math.max(2 * (255 - (around[at] as number)), 255 - (data[at] as number));
    around[at] = missing > 255 ? 255 : missing;
  }
  return { width, height, data: around };
}

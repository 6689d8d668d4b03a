import type { Mask } from '../found.ts';
import type { I420Picture } from '../i420.ts';
import type { Colour } from '../palette.ts';
import { type Band, type Span, visitSpans } from './mask-spans.ts';
import { type Plane, planesOf } from './plane.ts';
import { applyTable, tintTable } from './tint.ts';

/** Of 256, where the mask is sure. */
const strength = 90;

/** Lays a colour over what a mask covers, half transparent, fading with the mask; in all rows, or a band of them. */
export function tintMask(picture: I420Picture, mask: Mask, { y, u, v }: Colour, band?: Band): void {
  const planes = planesOf(picture);
  const [luma, first, second] = [tinter(planes[0], y), tinter(planes[1], u), tinter(planes[2], v)];
  const chroma = (span: Span) => {
    first(span);
    second(span);
  };
  visitSpans(mask, picture, luma, chroma, band);
}

function tinter({ data, stride }: Plane, value: number): (span: Span) => void {
  const table = tintTable(value, strength);
  return ({ row, from, end, alpha }) => {
    const start = row * stride;
    if (!alpha) applyTable(data, start + from, start + end, table);
    for (let x = from; alpha && x < end; x++) {
      const below = data[start + x] as number;
      data[start + x] = below + (((value - below) * (alpha[x] as number) * strength + 32768) >> 16);
    }
  };
}

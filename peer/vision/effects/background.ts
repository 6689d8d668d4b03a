import { type Span, visitSpans } from '../draw/mask-spans.ts';
import { type Plane, planesOf, samplesOf } from '../draw/plane.ts';
import { ScaledRows } from '../draw/scaled-rows.ts';
import type { Mask } from '../found.ts';
import type { I420Picture } from '../i420.ts';
import type { Colour } from '../palette.ts';
import { aroundMask } from './feather.ts';
import { soften } from './soften.ts';

/**
 * What stands in for a background: one colour, or a picture. One of another size than the frame is stretched each time,
 * which takes twice as long; one without size is black.
 */
export type Backdrop = Pick<Colour, 'y' | 'u' | 'v'> | I420Picture;

const black = { y: 16, u: 128, v: 128 };

/** Samples of a mask over which person and background pass into one another, inside the person. */
const defaultFeather = 1;

/**
 * Blurs all but what a mask covers.
 *
 * @param mask the persons, over the whole frame; without size it covers nothing and the whole picture is blurred.
 * @param radius of the blur in luma pixels.
 * @param feather how far within the mask's edge the picture is sharp, in samples of the mask.
 */
export function blurBackground(
  picture: I420Picture,
  mask: Mask,
  radius: number,
  feather = defaultFeather,
): void {
  const layers = planesOf(picture).map((plane) => {
    const { width, height, subsampling } = plane;
    return layRows(
      plane,
      soften(plane, { left: 0, top: 0, right: width, bottom: height }, radius / subsampling),
    );
  });
  lay(picture, aroundMask(mask, feather), layers);
}

/** Replaces all but what a mask covers; the parameters are those of {@link blurBackground}. */
export function replaceBackground(
  picture: I420Picture,
  mask: Mask,
  backdrop: Backdrop,
  feather = defaultFeather,
): void {
  const sources = sourcesOf(backdrop);
  const layers = planesOf(picture).map((plane, index) => {
    const source = sources[index] ?? 0;
    return typeof source === 'number' ? layColour(plane, source) : layRows(plane, stretched(source, plane));
  });
  lay(picture, aroundMask(mask, feather), layers);
}

function sourcesOf(backdrop: Backdrop): readonly (Plane | number)[] {
  if (!('planes' in backdrop)) return samplesOf(backdrop);
  return backdrop.width > 0 && backdrop.height > 0 ? planesOf(backdrop) : samplesOf(black);
}

function stretched(source: Plane, { width, height }: Plane): ScaledRows {
  return new ScaledRows(source, width, source.width / width, source.height / height);
}

/** Lays something over a plane where a mask covers it. */
type Layer = (span: Span) => void;

function lay(picture: I420Picture, mask: Mask, [luma, u, v]: readonly Layer[]): void {
  const visitLuma = (span: Span) => luma?.(span);
  visitSpans(mask, picture, visitLuma, (span) => {
    u?.(span);
    v?.(span);
  });
}

function layColour({ data, stride }: Plane, value: number): Layer {
  return ({ row, from, end, alpha }) => {
    const start = row * stride;
    if (!alpha) data.fill(value, start + from, start + end);
    else for (let x = from; x < end; x++) blend(data, start + x, value, alpha[x] as number);
  };
}

function layRows({ data, stride }: Plane, rows: ScaledRows): Layer {
  let found = -1;
  return ({ row, from, end, alpha }) => {
    const start = row * stride;
    if (row !== found) rows.seek(row);
    found = row;
    const samples = rows.read(from, end);
    if (!alpha) data.set(samples, start + from);
    else
      for (let x = from; x < end; x++)
        blend(data, start + x, samples[x - from] as number, alpha[x] as number);
  };
}

function blend(data: Uint8Array, at: number, above: number, alpha: number): void {
  const below = data[at] as number;
  // 257 / 65536 is 1 / 255 as near as these products need.
  data[at] = below + (((above - below) * alpha * 257 + 32768) >> 16);
}

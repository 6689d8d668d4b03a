import type { I420Picture } from '../../../peer/vision/i420.ts';

/** What the rest of a test picture holds: nothing draws these values, so whatever differs was drawn. */
export const untouched = { y: 100, u: 77, v: 78, gap: 201 };

/** A plain picture. Each row is followed by `gap` bytes that belong to nobody. */
export function plainPicture(width: number, height: number, gap = 0): I420Picture {
  const plane = (columns: number, rows: number, value: number) => {
    const samples = new Uint8Array((columns + gap) * rows).fill(untouched.gap);
    for (let row = 0; row < rows; row++) {
      samples.fill(value, row * (columns + gap), row * (columns + gap) + columns);
    }
    return samples;
  };
  const columns = Math.ceil(width / 2);
  const rows = Math.ceil(height / 2);
  return {
    width,
    height,
    planes: [
      plane(width, height, untouched.y),
      plane(columns, rows, untouched.u),
      plane(columns, rows, untouched.v),
    ],
    strides: [width + gap, columns + gap, columns + gap],
  };
}

/** The sample of a plane (0 luma, 1 U, 2 V) at a position in that plane. */
export function sampleAt(picture: I420Picture, plane: 0 | 1 | 2, x: number, y: number): number | undefined {
  return picture.planes[plane][y * picture.strides[plane] + x];
}

/** The samples of one plane that are no longer what they were, as `x,y`. Bytes between rows count as well. */
export function touchedSamples(picture: I420Picture, plane: 0 | 1 | 2): Set<string> {
  const stride = picture.strides[plane];
  const width = plane === 0 ? picture.width : Math.ceil(picture.width / 2);
  const value = [untouched.y, untouched.u, untouched.v][plane];
  const touched = new Set<string>();
  picture.planes[plane].forEach((sample, at) => {
    const x = at % stride;
    if (sample !== (x < width ? value : untouched.gap)) touched.add(`${x},${Math.floor(at / stride)}`);
  });
  return touched;
}

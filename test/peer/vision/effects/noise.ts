import type { I420Picture } from '../../../../peer/vision/i420.ts';

/** A picture of which no two neighbouring samples are alike, so that whatever is hidden differs. */
export function noisyPicture(width: number, height: number, gap = 0): I420Picture {
  const plane = (columns: number, rows: number, seed: number) =>
    Uint8Array.from(
      { length: (columns + gap) * rows },
      (_, at) => 16 + ((at * 89 + (at >> 7) * 57 + seed) % 219),
    );
  const [columns, rows] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  return {
    width,
    height,
    planes: [plane(width, height, 1), plane(columns, rows, 60), plane(columns, rows, 140)],
    strides: [width + gap, columns + gap, columns + gap],
  };
}

/** A picture of 8K, plain but for its first and last samples. */
export function largePicture(): I420Picture {
  const plane = (length: number) => {
    const samples = new Uint8Array(length).fill(90);
    for (let at = 0; at < 400; at += 2) {
      samples[at] = 200;
      samples[length - 1 - at] = 30;
    }
    return samples;
  };
  const [luma, chroma] = [7680 * 4320, 3840 * 2160];
  return {
    width: 7680,
    height: 4320,
    planes: [plane(luma), plane(chroma), plane(chroma)],
    strides: [7680, 3840, 3840],
  };
}

/** The same once more, to be changed. */
export function copyOf({ planes: [y, u, v], ...picture }: I420Picture): I420Picture {
  return { ...picture, planes: [y.slice(), u.slice(), v.slice()] };
}

/** The samples of a plane in which two pictures differ, as `x,y`; bytes between rows count as well. */
export function differences(a: I420Picture, b: I420Picture, plane: 0 | 1 | 2): Set<string> {
  const stride = a.strides[plane];
  const found = new Set<string>();
  a.planes[plane].forEach((sample, at) => {
    if (sample !== b.planes[plane][at]) found.add(`${at % stride},${Math.floor(at / stride)}`);
  });
  return found;
}

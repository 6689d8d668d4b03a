import type { I420Picture } from '../i420.ts';

/** One plane of a picture: rows of `width` samples, `stride` bytes from one to the next. */
export interface Plane {
  readonly data: Uint8Array;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
  /** Luma samples for one sample, each way: 1 in luma, 2 in chroma. */
  readonly subsampling: 1 | 2;
}

/** The planes of a picture in the order Y, U, V, chroma of an odd picture rounded up. */
export function planesOf({ width, height, planes, strides }: I420Picture): readonly [Plane, Plane, Plane] {
  const chroma = { width: Math.ceil(width / 2), height: Math.ceil(height / 2), subsampling: 2 } as const;
  return [
    { data: planes[0], stride: strides[0], width, height, subsampling: 1 },
    { data: planes[1], stride: strides[1], ...chroma },
    { data: planes[2], stride: strides[2], ...chroma },
  ];
}

/** The samples of a colour in the order of the planes. */
export function samplesOf({
  y,
  u,
  v,
}: {
  y: number;
  u: number;
  v: number;
}): readonly [number, number, number] {
  return [y, u, v];
}

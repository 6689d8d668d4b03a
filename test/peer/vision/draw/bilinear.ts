import type { Samples } from '../../../../peer/vision/draw/scaled-rows.ts';

/** Bilinear interpolation by its definition, sample centres at half positions, the outermost samples going on. */
export function sampleBilinear({ width, height, stride, data }: Samples, x: number, y: number): number {
  const clamp = (value: number, last: number) => Math.min(last, Math.max(0, value));
  const at = (column: number, row: number) =>
    data[clamp(row, height - 1) * stride + clamp(column, width - 1)] as number;
  const [left, top] = [Math.floor(x - 0.5), Math.floor(y - 0.5)];
  const [shareX, shareY] = [x - 0.5 - left, y - 0.5 - top];
  const upper = at(left, top) * (1 - shareX) + at(left + 1, top) * shareX;
  const lower = at(left, top + 1) * (1 - shareX) + at(left + 1, top + 1) * shareX;
  return upper * (1 - shareY) + lower * shareY;
}

/** The box that a curve is drawn in, in the units of its SVG. */
export interface CurveBox {
  width: number;
  height: number;
  /** How many values the width holds; fewer begin at the right edge. */
  slots: number;
}

/**
 * The `points` of an SVG polyline through values, the newest at the right edge, 0 at the bottom.
 * @param top the least value that the height stands for, so that small noise does not look like mountains
 */
export function sparkline(
  values: readonly number[],
  { width, height, slots }: CurveBox,
  top: number,
): string {
  const highest = Math.max(top, ...values);
  const step = width / Math.max(1, slots - 1);
  const shown = values.slice(-slots);
  return shown
    .map((value, index) => {
      const x = width - (shown.length - 1 - index) * step;
      const y = height - (Math.max(0, value) / highest) * height;
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(' ');
}

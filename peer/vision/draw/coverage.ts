/** How much of each pixel is ink, 0 to 255, rows without a gap. */
export interface Coverage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * Scales coverage by averaging the area of the source that falls on each pixel (a box filter).
 *
 * @param step pixels of the source for one of the result.
 * @param top where the first row of the result begins in the source; above it, where negative, nothing is inked.
 */
export function scaleCoverage(source: Coverage, step: number, top: number): Coverage {
  const width = Math.max(1, Math.ceil(source.width / step));
  const height = Math.max(1, Math.ceil((source.height - top) / step));
  const narrowed = new Float32Array(width * source.height);
  for (let x = 0; x < width; x++) {
    forEachShare(x * step, step, source.width, (at, share) => {
      addLine(narrowed, x, width, source.data, at, source.width, source.height, share);
    });
  }
  const sums = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    forEachShare(top + y * step, step, source.height, (at, share) => {
      addLine(sums, y * width, 1, narrowed, at * width, 1, width, share);
    });
  }
  const data = new Uint8Array(sums.length);
  for (let at = 0; at < data.length; at++) data[at] = Math.round(sums[at] as number);
  return { width, height, data };
}

/** Visits the samples 0 to length - 1 that [start, start + size) covers, with the share of it that falls on each. */
function forEachShare(
  start: number,
  size: number,
  length: number,
  visit: (at: number, share: number) => void,
): void {
  const end = Math.min(start + size, length);
  for (let at = Math.max(0, Math.floor(start)); at < end; at++) {
    visit(at, (Math.min(at + 1, end) - Math.max(at, start)) / size);
  }
}

/** Adds a share of one row or column to another. A gap is the way from one sample to the next. */
function addLine(
  target: Float32Array,
  to: number,
  toGap: number,
  source: Uint8Array | Float32Array,
  from: number,
  fromGap: number,
  count: number,
  share: number,
): void {
  for (let index = 0; index < count; index++) {
    const at = to + index * toGap;
    target[at] = (target[at] as number) + share * (source[from + index * fromGap] as number);
  }
}

/**
 * Blurs samples in place: each becomes the mean of the square about it, which reaches `radius` samples to each side. At
 * the edges the outermost samples go on. Sums are carried along, so a sample costs the same at every radius.
 *
 * @param samples width × height, rows without a gap.
 * @param radius a whole number, 0 leaves all as it is.
 */
export function boxBlur(samples: Uint8Array, width: number, height: number, radius: number): void {
  if (!(radius >= 1) || width === 0 || height === 0) return;
  const between = new Uint8Array(samples.length);
  for (let row = 0; row < height; row++) blurRow(samples, between, row * width, width, radius);
  blurColumns(between, samples, width, height, radius);
}

function blurRow(source: Uint8Array, target: Uint8Array, start: number, width: number, radius: number): void {
  const last = start + width - 1;
  const share = 1 / (2 * radius + 1);
  let sum = (source[start] as number) * (radius + 1);
  for (let x = 1; x <= radius; x++) sum += source[Math.min(last, start + x)] as number;
  for (let at = start; at <= last; at++) {
    target[at] = (sum * share + 0.5) | 0;
    const entering = at + radius + 1;
    const leaving = at - radius;
    sum +=
      (source[entering > last ? last : entering] as number) -
      (source[leaving < start ? start : leaving] as number);
  }
}

/** Goes down all columns at once, row after row: memory is read in its order. */
function blurColumns(
  source: Uint8Array,
  target: Uint8Array,
  width: number,
  height: number,
  radius: number,
): void {
  const share = 1 / (2 * radius + 1);
  const sums = new Int32Array(width);
  for (let x = 0; x < width; x++) sums[x] = (source[x] as number) * (radius + 1);
  for (let y = 1; y <= radius; y++) {
    const row = Math.min(height - 1, y) * width;
    for (let x = 0; x < width; x++) sums[x] = (sums[x] as number) + (source[row + x] as number);
  }
  for (let y = 0; y < height; y++) {
    const to = y * width;
    const entering = Math.min(height - 1, y + radius + 1) * width;
    const leaving = Math.max(0, y - radius) * width;
    for (let x = 0; x < width; x++) {
      const sum = sums[x] as number;
      target[to + x] = (sum * share + 0.5) | 0;
      sums[x] = sum + (source[entering + x] as number) - (source[leaving + x] as number);
    }
  }
}

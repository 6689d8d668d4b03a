/** Positions are counted in shares of a sample, 1/65536 each; so much is exact for 32,000 samples. */
const one = 65536;

/**
 * Stretches a row, linearly, with sample centres at half positions.
 *
 * @param source holds the row from `first` on; the sample before it and that after it are mixed in at the ends, and so
 * are those of {@link doubleEnds}.
 * @param step samples of the row for one of the result, at most their number over the width of the result.
 * @param target takes the result's samples `from` to before `end`, from `to` on.
 */
export function stretchRow(
  source: Uint8Array,
  first: number,
  step: number,
  target: Uint8Array,
  to: number,
  from: number,
  end: number,
): void {
  const stride = Math.round(step * one);
  const before = first - 1;
  const last = to + end - from;
  let position = Math.round(((from + 0.5) * step + 0.5) * one);
  for (let at = to; at < last; at++, position += stride) {
    const index = before + (position >> 16);
    const left = source[index] as number;
    target[at] = left + ((((source[index + 1] as number) - left) * ((position >> 8) & 255) + 128) >> 8);
  }
}

/** Writes the first and the last of `width` samples once more before and after them: so a row goes on as it is. */
export function doubleEnds(row: Uint8Array, first: number, width: number): void {
  row[first - 1] = row[first] as number;
  row[first + width] = row[first + width - 1] as number;
}

/** Which row of the source lies above a row of the result, and the share of the next, 0 to 256. */
export function rowsAbout(row: number, step: number, height: number): { upper: number; share: number } {
  const exact = Math.min(height - 1, Math.max(0, (row + 0.5) * step - 0.5));
  const upper = Math.floor(exact);
  return { upper, share: Math.round((exact - upper) * 256) };
}

let table: Float32Array | undefined;

/** Widens one IEEE 754 half (its 16 bits as an integer) to a number. Exact: every half is a float. */
function widen(half: number): number {
  const sign = half >> 15 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Widens half-precision values. The table of all 65,536 is made on first use, as weights come in millions. */
export function fromFloat16(halves: Uint16Array): Float32Array {
  table ??= Float32Array.from({ length: 65_536 }, (_, half) => widen(half));
  const widened = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i += 1) widened[i] = table[halves[i] ?? 0] ?? 0;
  return widened;
}

/** Unsigned numbers in seven bits a byte, the lowest first, as AV1 writes them (AV1, section 4.10.5). */

/** More than eight bytes no number has. */
const MAX_BYTES = 8;

/** The number at `offset` and the offset behind it; `undefined` where the data ends in it, or it goes on too long. */
export function readLeb128(
  data: Uint8Array,
  offset: number,
): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  for (let count = 0; count < MAX_BYTES; count += 1) {
    const byte = data[offset + count];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * count);
    if (byte < 0x80) return { value, end: offset + count + 1 };
  }
  return undefined;
}

export function leb128(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Uint8Array.of(...bytes, rest);
}

/** What each value of a sample becomes where a colour lies over it: `cover` 0 lets all through, 255 nothing. */
export function tintTable(value: number, cover: number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, below) =>
    Math.round((below * (255 - cover) + value * cover) / 255),
  );
}

/** Replaces the samples from `from` to before `end` by what a table says; the caller has clipped them. */
export function applyTable(data: Uint8Array, from: number, end: number, table: Uint8Array): void {
  for (let at = from; at < end; at++) data[at] = table[data[at] as number] as number;
}

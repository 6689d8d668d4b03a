/**
 * Cuts data into as few parts as fit `maxBytes` each, all of about the same size, as views: a last packet of a few
 * bytes would cost as much as a full one.
 */
export function splitEvenly(data: Uint8Array, maxBytes: number): Uint8Array[] {
  const count = Math.ceil(data.length / maxBytes);
  return Array.from({ length: count }, (_, index) =>
    data.subarray(Math.floor((data.length * index) / count), Math.floor((data.length * (index + 1)) / count)),
  );
}

/** Bytes of the head: as much as any number of rows takes, a multiple of 64. */
const NPY_HEAD_BYTES = 128;

const MAGIC = '\u0093NUMPY';
const VERSION = [1, 0] as const;
/** Magic, version and the length of what follows. */
const PREFIX_BYTES = MAGIC.length + VERSION.length + 2;

/**
 * The head of a file of NumPy's (NEP 1, version 1.0) that holds a matrix of float32, little-endian, row by row. It is
 * padded with blanks, so that it can be written anew once the number of rows is known.
 */
export function npyHead(rows: number, columns: number): Uint8Array {
  const words = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const text = `${words.padEnd(NPY_HEAD_BYTES - PREFIX_BYTES - 1)}\n`;
  const head = new Uint8Array(NPY_HEAD_BYTES);
  head.set(Uint8Array.from(MAGIC, (character) => character.charCodeAt(0)));
  head.set(VERSION, MAGIC.length);
  new DataView(head.buffer).setUint16(PREFIX_BYTES - 2, text.length, true);
  head.set(new TextEncoder().encode(text), PREFIX_BYTES);
  return head;
}

/** One row of the matrix. */
export function npyRow(values: readonly number[]): Uint8Array {
  const row = new DataView(new ArrayBuffer(values.length * 4));
  for (const [index, value] of values.entries()) row.setFloat32(index * 4, value, true);
  return new Uint8Array(row.buffer);
}

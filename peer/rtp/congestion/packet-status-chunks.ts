/** What transport feedback says of one packet, two bits (draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1.1). */
export const packetStatus = { missing: 0, smallDelta: 1, largeDelta: 2 } as const;

/** What {@link decodeChunks} found. */
export interface DecodedChunks {
  /** One {@link packetStatus} a packet. */
  readonly statuses: Uint8Array;
  /** Where the chunks end, in bytes. */
  readonly end: number;
}

const VECTOR = 0x8000;
const TWO_BITS = 0x4000;
/** Symbols in a status vector of one bit and of two bits a packet. */
const ONE_BIT_SYMBOLS = 14;
const TWO_BIT_SYMBOLS = 7;
const MAX_RUN = 0x1fff;

/**
 * Packs statuses into 16-bit packet chunks: a run length where a run fills a vector or all that is left, otherwise the
 * densest status vector (sections 3.1.3 and 3.1.4).
 */
export function encodeChunks(statuses: readonly number[]): number[] {
  const chunks: number[] = [];
  for (let index = 0; index < statuses.length; ) {
    const symbols = vectorSymbols(statuses, index);
    const run = runLength(statuses, index);
    if (run >= Math.min(symbols, statuses.length - index)) {
      chunks.push(((statuses[index] ?? 0) << 13) | run);
      index += run;
    } else {
      chunks.push(vector(statuses, index, symbols));
      index += symbols;
    }
  }
  return chunks;
}

/** Unpacks `count` statuses. Undefined where the data ends too early or uses the reserved status. */
export function decodeChunks(data: DataView, start: number, count: number): DecodedChunks | undefined {
  const statuses = new Uint8Array(count);
  let offset = start;
  for (let index = 0; index < count; offset += 2) {
    if (offset + 2 > data.byteLength) return undefined;
    const read = readChunk(data.getUint16(offset), statuses, index);
    if (read === 0) return undefined;
    index += read;
  }
  return statuses.includes(3) ? undefined : { statuses, end: offset };
}

function vectorSymbols(statuses: readonly number[], index: number): number {
  const end = Math.min(statuses.length, index + ONE_BIT_SYMBOLS);
  for (let at = index; at < end; at += 1) {
    if (statuses[at] === packetStatus.largeDelta) return TWO_BIT_SYMBOLS;
  }
  return ONE_BIT_SYMBOLS;
}

function runLength(statuses: readonly number[], index: number): number {
  const end = Math.min(statuses.length, index + MAX_RUN);
  let at = index + 1;
  while (at < end && statuses[at] === statuses[index]) at += 1;
  return at - index;
}

/** What lies beyond the last packet is written as missing; the packet status count says that it means nothing. */
function vector(statuses: readonly number[], index: number, symbols: number): number {
  const bits = ONE_BIT_SYMBOLS / symbols;
  let chunk = 0;
  for (let at = index; at < index + symbols; at += 1) chunk = (chunk << bits) | (statuses[at] ?? 0);
  return VECTOR | (bits === 2 ? TWO_BITS : 0) | chunk;
}

/** Writes what one chunk says into the statuses from `index` on and returns for how many packets it speaks. */
function readChunk(chunk: number, statuses: Uint8Array, index: number): number {
  if ((chunk & VECTOR) === 0) {
    const run = chunk & MAX_RUN;
    statuses.fill((chunk >> 13) & 3, index, index + run);
    return run;
  }
  const symbols = chunk & TWO_BITS ? TWO_BIT_SYMBOLS : ONE_BIT_SYMBOLS;
  const bits = ONE_BIT_SYMBOLS / symbols;
  for (let at = 0; at < symbols && index + at < statuses.length; at += 1) {
    statuses[index + at] = (chunk >> (ONE_BIT_SYMBOLS - bits * (at + 1))) & (2 ** bits - 1);
  }
  return symbols;
}

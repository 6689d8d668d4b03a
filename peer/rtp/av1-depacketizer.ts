import { concatenate } from './concatenate.ts';
import type { PayloadPart } from './depacketizer.ts';
import { leb128, readLeb128 } from './leb128.ts';
import { FORBIDDEN, HAS_EXTENSION, HAS_SIZE, isPicture, ObuType, obuType } from './obu.ts';

/** Stands before the pieces of each OBU, as start codes do in H.264; told by its identity. */
const OBU_BEGINS: Uint8Array = new Uint8Array(0);

/** An OBU that runs over the end of a packet, of whatever type. */
const OPEN = 0;

/** A temporal delimiter of its own: type 2, with a size, which is 0. */
const TEMPORAL_DELIMITER: Uint8Array = Uint8Array.of((ObuType.TEMPORAL_DELIMITER << 3) | HAS_SIZE, 0);

/**
 * Reads an AV1 payload (RTP payload format for AV1 1.0, section 4.4): an aggregation header (Z, Y, W, N) and OBUs or
 * fragments of them. {@link joinTemporalUnit} makes a temporal unit of the pieces of all packets of a frame.
 */
export function depacketizeAv1(payload: Uint8Array): PayloadPart | undefined {
  const header = payload[0] ?? 0;
  const [continues, leavesOpen] = [(header & 0x80) !== 0, (header & 0x40) !== 0];
  const newSequence = (header & 0x08) !== 0;
  const elements = readElements(payload, (header >> 4) & 0x03);
  // A new coded video sequence does not begin in the middle of an OBU (section 4.4).
  if (elements === undefined || (continues && newSequence)) return undefined;
  const units = continues ? elements.slice(1) : elements;
  if (units.some(([first = 0]) => (first & FORBIDDEN) !== 0)) return undefined;
  return {
    pieces: elements.flatMap((data, index) => (index === 0 && continues ? [data] : [OBU_BEGINS, data])),
    start: startOf(continues, newSequence),
    keyframe: newSequence || beginsWithKeyframe(units),
    picture: units.some(([first = 0]) => isPicture(obuType(first))),
    ...(continues ? { continues: OPEN } : {}),
    ...(leavesOpen ? { leavesOpen: OPEN } : {}),
  };
}

/**
 * The OBU elements; none of them is empty. W, 1 to 3, is how many there are, the last one without its size; with W = 0
 * each has one.
 */
function readElements(payload: Uint8Array, count: number): Uint8Array[] | undefined {
  const elements: Uint8Array[] = [];
  let offset = 1;
  while (count === 0 ? offset < payload.length : elements.length < count) {
    const last = elements.length + 1 === count;
    const size = last ? { value: payload.length - offset, end: offset } : readLeb128(payload, offset);
    if (size === undefined || size.value <= 0 || size.value > payload.length - size.end) return undefined;
    offset = size.end + size.value;
    elements.push(payload.subarray(size.end, offset));
  }
  return elements.length > 0 && offset === payload.length ? elements : undefined;
}

function startOf(continues: boolean, newSequence: boolean): PayloadPart['start'] {
  if (continues) return 'impossible';
  return newSequence ? 'certain' : 'possible';
}

/** A sequence header and a key frame behind it, from senders that leave the bit N out. */
function beginsWithKeyframe(units: readonly Uint8Array[]): boolean {
  if (!units.some(([first = 0]) => obuType(first) === ObuType.SEQUENCE_HEADER)) return false;
  const frame = units.find(([first = 0]) => isPicture(obuType(first)));
  const parsed = frame && parseObu(frame);
  // show_existing_frame, then two bits of frame_type, 0 for a key frame (AV1, section 5.9.2)
  return parsed !== undefined && ((parsed.data[0] ?? 0xff) & 0xe0) === 0;
}

/**
 * Makes a temporal unit in the low-overhead format (AV1, section 5.2) of what {@link depacketizeAv1} gave: a temporal
 * delimiter, then every OBU with its size. `undefined` where an OBU ends in its header or has another size than it says.
 */
export function joinTemporalUnit(pieces: readonly Uint8Array[]): Uint8Array | undefined {
  const written: Uint8Array[] = [TEMPORAL_DELIMITER];
  for (const unit of obusOf(pieces)) {
    const parsed = parseObu(unit);
    if (parsed === undefined) return undefined;
    if (parsed.type === ObuType.TEMPORAL_DELIMITER || parsed.type >= ObuType.TILE_LIST) continue;
    written.push(parsed.header, leb128(parsed.data.length), parsed.data);
  }
  return concatenate(written);
}

function obusOf(pieces: readonly Uint8Array[]): Uint8Array[] {
  const obus: Uint8Array[][] = [];
  for (const piece of pieces) {
    if (piece === OBU_BEGINS) obus.push([]);
    else obus.at(-1)?.push(piece);
  }
  return obus.map(concatenate);
}

/** Takes one OBU apart, with a size of its own or without; `header` says that a size follows. */
function parseObu(
  unit: Uint8Array,
): { readonly type: number; readonly header: Uint8Array; readonly data: Uint8Array } | undefined {
  const first = unit[0];
  if (first === undefined) return undefined;
  const headerBytes = first & HAS_EXTENSION ? 2 : 1;
  if (unit.length < headerBytes) return undefined;
  const rest = unit.subarray(headerBytes);
  const size = first & HAS_SIZE ? readLeb128(rest, 0) : { value: rest.length, end: 0 };
  if (size === undefined || size.value !== rest.length - size.end) return undefined;
  const header = Uint8Array.from(unit.subarray(0, headerBytes)).fill(first | HAS_SIZE, 0, 1);
  return { type: obuType(first), header, data: rest.subarray(size.end) };
}

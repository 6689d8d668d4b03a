/** The VP8 payload descriptor (RFC 7741, section 4.2). Fields that the sender left out are `undefined`. */
export interface Vp8Descriptor {
  /** N: no other frame refers to this one. */
  readonly nonReference: boolean;
  /** S: a partition begins here. */
  readonly startOfPartition: boolean;
  /** PID, 0 to 7 (RFC 7741 has three bits for it). */
  readonly partition: number;
  /** I, M: 7 or 15 bits. */
  readonly pictureId: number | undefined;
  /** L: TL0PICIDX. */
  readonly baseLayerIndex: number | undefined;
  /** T: TID. */
  readonly temporalLayer: number | undefined;
  /** T: Y, the frame depends on the base layer alone. */
  readonly layerSync: boolean | undefined;
  /** K: KEYIDX. */
  readonly keyIndex: number | undefined;
  /** Bytes that the descriptor takes; what follows is VP8. */
  readonly length: number;
}

const EXTENDED = 0x80;
const PICTURE_ID = 0x80;
const BASE_LAYER_INDEX = 0x40;
const TEMPORAL_LAYER = 0x20;
const KEY_INDEX = 0x10;

/** Reads the descriptor that a payload begins with; `undefined` when the payload ends in it or right behind it. */
export function parseVp8Descriptor(payload: Uint8Array): Vp8Descriptor | undefined {
  let offset = 0;
  // Behind the end this reads zeros, and the offset tells in the end.
  const readByte = () => payload[offset++] ?? 0;

  const required = readByte();
  const extension = required & EXTENDED ? readByte() : 0;
  const pictureId = extension & PICTURE_ID ? readPictureId(readByte) : undefined;
  const baseLayerIndex = extension & BASE_LAYER_INDEX ? readByte() : undefined;
  const layers = extension & (TEMPORAL_LAYER | KEY_INDEX) ? readByte() : 0;
  if (offset >= payload.length) return undefined;
  return {
    nonReference: (required & 0x20) !== 0,
    startOfPartition: (required & 0x10) !== 0,
    partition: required & 0x07,
    pictureId,
    baseLayerIndex,
    temporalLayer: extension & TEMPORAL_LAYER ? layers >> 6 : undefined,
    layerSync: extension & TEMPORAL_LAYER ? (layers & 0x20) !== 0 : undefined,
    keyIndex: extension & KEY_INDEX ? layers & 0x1f : undefined,
    length: offset,
  };
}

function readPictureId(readByte: () => number): number {
  const first = readByte();
  return first & 0x80 ? ((first & 0x7f) << 8) | readByte() : first;
}

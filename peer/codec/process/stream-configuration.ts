import { readLeb128 } from '../../rtp/leb128.ts';
import { isSlice, NalType, nalType, splitAnnexB } from '../../rtp/nal-unit.ts';
import { HAS_EXTENSION, HAS_SIZE, ObuType, obuType } from '../../rtp/obu.ts';
import type { IncomingCodec } from '../../rtp/packet.ts';

/** VP8 (RFC 6386, section 9.1): a frame tag, a start code and the size, all in a key frame alone. */
const VP8_HEADER = { bytes: 10, startCode: [0x9d, 0x01, 0x2a] } as const;
/** VP9 (bitstream specification, section 6.2): in these bytes of a key frame are its profile, colours and size. */
const VP9_HEADER_BYTES = 9;

/**
 * The bytes that tell a decoder all it must know before it begins: size, format, colours. Two units with the same can
 * follow each other in one decoder. undefined where the unit is none that a decoder can begin with.
 */
export function configurationOf(codec: IncomingCodec, data: Uint8Array): Uint8Array | undefined {
  return readers[codec](data);
}

/** Whether a unit makes no picture by itself: H.264 may send parameter sets alone. */
export function isParametersAlone(codec: IncomingCodec, data: Uint8Array): boolean {
  if (codec !== 'H264') return false;
  const units = unitsOf(data);
  return units.length > 0 && !units.some(([header = 0]) => isSlice(nalType(header)));
}

const readers: Record<IncomingCodec, (data: Uint8Array) => Uint8Array | undefined> = {
  VP8: (data) => {
    if (data.length < VP8_HEADER.bytes || ((data[0] ?? 1) & 1) !== 0) return undefined;
    if (VP8_HEADER.startCode.some((byte, index) => data[3 + index] !== byte)) return undefined;
    return data.slice(6, VP8_HEADER.bytes);
  },
  VP9: (data) => (isVp9Keyframe(data[0] ?? 0) ? data.slice(0, VP9_HEADER_BYTES) : undefined),
  H264: (data) => {
    const sets = unitsOf(data).filter(([header = 0]) => nalType(header) === NalType.SPS);
    return sets.length > 0 ? Uint8Array.from(sets.flatMap((set) => [...set])) : undefined;
  },
  AV1: sequenceHeaderOf,
};

function unitsOf(data: Uint8Array): readonly Uint8Array[] {
  return splitAnnexB(data) ?? [];
}

/** frame_marker, two bits of the profile, for profile 3 a reserved bit, show_existing_frame, frame_type. */
function isVp9Keyframe(first: number): boolean {
  const shift = (first & 0x30) === 0x30 ? 1 : 0;
  return first >> 6 === 2 && ((first << shift) & 0x0c) === 0;
}

/** The sequence header OBU of a temporal unit (AV1, section 5.5). */
function sequenceHeaderOf(data: Uint8Array): Uint8Array | undefined {
  for (let offset = 0; offset < data.length; ) {
    const header = data[offset] ?? 0;
    if ((header & HAS_SIZE) === 0) return undefined;
    const size = readLeb128(data, offset + ((header & HAS_EXTENSION) === 0 ? 1 : 2));
    if (!size) return undefined;
    const end = size.end + size.value;
    if (obuType(header) === ObuType.SEQUENCE_HEADER) return data.slice(size.end, end);
    offset = end;
  }
  return undefined;
}

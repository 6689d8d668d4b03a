/** H.264 NAL units (ITU-T H.264, section 7.3.1 and annex B), and the types that RTP adds (RFC 6184, section 5.2). */

export const NalType = {
  IDR: 5,
  SPS: 7,
  PPS: 8,
  ACCESS_UNIT_DELIMITER: 9,
  /** The last type that stands for itself; the ones above are RTP's. */
  LAST_SINGLE: 23,
  STAP_A: 24,
  FU_A: 28,
} as const;

/** The start code that goes before every NAL unit in what decoders get. */
export const START_CODE: Uint8Array = Uint8Array.of(0, 0, 0, 1);

/** nal_unit_type, the low five bits of a unit's first byte. */
export function nalType(header: number): number {
  return header & 0x1f;
}

/** forbidden_zero_bit and nal_ref_idc, the high three bits of a unit's first byte. */
export function nalFlags(header: number): number {
  return header & 0xe0;
}

/** Whether it is coded picture data, a slice or a partition of one. */
export function isSlice(type: number): boolean {
  return type >= 1 && type <= NalType.IDR;
}

/**
 * The NAL units in an Annex B byte stream, as views without start codes and without the zeros that may follow a unit.
 * `undefined` when the stream does not begin with a start code.
 */
export function splitAnnexB(stream: Uint8Array): Uint8Array[] | undefined {
  let begin = findStartCode(stream, 0);
  if (begin === stream.length || stream.subarray(0, begin).some((byte) => byte !== 0)) return undefined;
  const units: Uint8Array[] = [];
  while (begin < stream.length) {
    const end = findStartCode(stream, begin + 3);
    const unit = trimZeros(stream.subarray(begin + 3, end));
    if (unit.length > 0) units.push(unit);
    begin = end;
  }
  return units;
}

/** Index of the next 0, 0, 1, or the length of the stream. */
function findStartCode(stream: Uint8Array, from: number): number {
  let one = stream.indexOf(1, from + 2);
  while (one !== -1 && (stream[one - 1] !== 0 || stream[one - 2] !== 0)) one = stream.indexOf(1, one + 1);
  return one === -1 ? stream.length : one - 2;
}

/** A unit never ends in 0 (section 7.4.1); the zeros belong to the next start code or are padding. */
function trimZeros(unit: Uint8Array): Uint8Array {
  let end = unit.length;
  while (end > 0 && unit[end - 1] === 0) end -= 1;
  return unit.subarray(0, end);
}

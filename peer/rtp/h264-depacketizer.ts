import type { PayloadPart } from './depacketizer.ts';
import { isSlice, NalType, nalFlags, nalType, START_CODE } from './nal-unit.ts';

/**
 * Reads an H.264 payload of packetization mode 0 or 1 (RFC 6184, sections 5.6 to 5.8): a single NAL unit, a STAP-A or
 * an FU-A. The pieces are Annex B with four-byte start codes. The types of the interleaved mode are malformed here.
 */
export function depacketizeH264(payload: Uint8Array): PayloadPart | undefined {
  const header = payload[0];
  // forbidden_zero_bit: someone on the way knew of a bit error
  if (header === undefined || header >= 0x80) return undefined;
  const type = nalType(header);
  if (type === NalType.STAP_A) return readAggregate(payload);
  if (type === NalType.FU_A) return readFragment(payload, header);
  return isSingle(type) ? { pieces: [START_CODE, payload], ...traits([type]) } : undefined;
}

/** STAP-A: after the header byte, units that each follow their length in 16 bits. */
function readAggregate(payload: Uint8Array): PayloadPart | undefined {
  const pieces: Uint8Array[] = [];
  const types: number[] = [];
  let offset = 1;
  while (offset < payload.length) {
    const begin = offset + 2;
    const size = ((payload[offset] ?? 0) << 8) | (payload[offset + 1] ?? 0);
    const header = payload[begin];
    if (header === undefined || size === 0 || begin + size > payload.length) return undefined;
    if (header >= 0x80 || !isSingle(nalType(header))) return undefined;
    pieces.push(START_CODE, payload.subarray(begin, begin + size));
    types.push(nalType(header));
    offset = begin + size;
  }
  return types.length === 0 ? undefined : { pieces, ...traits(types) };
}

/** FU-A: an indicator byte, a header byte with start bit, end bit and type, and a part of the unit. */
function readFragment(payload: Uint8Array, indicator: number): PayloadPart | undefined {
  const header = payload[1];
  if (header === undefined) return undefined;
  const [begins, ends, type] = [(header & 0x80) !== 0, (header & 0x40) !== 0, nalType(header)];
  if ((begins && ends) || !isSingle(type)) return undefined;
  const data = payload.subarray(2);
  const { start, keyframe, picture } = traits([type]);
  return {
    pieces: begins ? [START_CODE, Uint8Array.of(nalFlags(indicator) | type), data] : [data],
    start: begins ? start : 'impossible',
    keyframe,
    picture,
    ...(begins ? {} : { continues: type }),
    ...(ends ? {} : { leavesOpen: type }),
  };
}

function isSingle(type: number): boolean {
  return type >= 1 && type <= NalType.LAST_SINGLE;
}

/**
 * An access unit delimiter or a sequence parameter set is the first of its access unit (H.264, section 7.4.1.2.3), or
 * nothing that a decoder needs went before it. Any other unit may be.
 */
function traits(types: readonly number[]): Pick<PayloadPart, 'start' | 'keyframe' | 'picture'> {
  const certain = types[0] === NalType.SPS || types[0] === NalType.ACCESS_UNIT_DELIMITER;
  return {
    start: certain ? 'certain' : 'possible',
    keyframe: types.includes(NalType.IDR),
    picture: types.some(isSlice),
  };
}

import { parseTransportFeedback } from './congestion/parse-transport-feedback.ts';

const HEADER_BYTES = 4;
const REPORT_BYTES = 24;
const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const SOURCE_DESCRIPTION = 202;
const TRANSPORT_FEEDBACK = 205;
const PAYLOAD_FEEDBACK = 206;
const FEEDBACK_HEADER_BYTES = 12;
const REMB = 0x52454d42;
/** Some seconds of packets; a message of a few bytes can speak of 65,535, which takes a tenth of a second to read. */
const MAX_REPORTED_PACKETS = 4096;

/** What a compound packet (RFC 3550, section 6.1) holds. */
export interface RtcpCompound {
  /** The packets that are understood, each alone and without padding. */
  readonly packets: readonly Uint8Array[];
  /** How many of those that should be understood contradict themselves; what is of another type is not counted. */
  readonly malformed: number;
}

type Verdict = 'understood' | 'unknown' | 'malformed';

/** Takes a compound packet apart (RFC 3550, appendix A.2; reduced-size ones of RFC 5506 too). */
export function readCompound(compound: Uint8Array): RtcpCompound {
  const whole = split(compound);
  if (whole === undefined) return { packets: [], malformed: 1 };
  const judged = whole.map((packet) => ({ packet, verdict: judge(packet) }));
  return {
    packets: judged.filter(({ verdict }) => verdict === 'understood').map(({ packet }) => packet),
    malformed: judged.filter(({ verdict }) => verdict === 'malformed').length,
  };
}

function split(compound: Uint8Array): Uint8Array[] | undefined {
  const packets: Uint8Array[] = [];
  for (let offset = 0; offset < compound.length; ) {
    if (offset + HEADER_BYTES > compound.length || (compound[offset] ?? 0) >> 6 !== 2) return undefined;
    const end = offset + HEADER_BYTES + word(compound, offset + 2) * 4;
    if (end > compound.length) return undefined;
    const packet = withoutPadding(compound.subarray(offset, end), end === compound.length);
    if (packet === undefined) return undefined;
    packets.push(packet);
    offset = end;
  }
  return packets;
}

/** Only the last packet may be padded. */
function withoutPadding(packet: Uint8Array, isLast: boolean): Uint8Array | undefined {
  const [first = 0] = packet;
  if ((first & 0x20) === 0) return packet;
  const padding = packet.at(-1) ?? 0;
  if (!isLast || padding === 0 || padding > packet.length - HEADER_BYTES) return undefined;
  // libwebrtc pads transport-wide feedback by less than a word, against RFC 3550; its reader stops before that by itself.
  if (padding % 4 !== 0) return packet;
  const bare = Uint8Array.from(packet.subarray(0, packet.length - padding));
  bare[0] = first & ~0x20;
  new DataView(bare.buffer).setUint16(2, bare.length / 4 - 1);
  return bare;
}

function judge(packet: Uint8Array): Verdict {
  const [first = 0, type = 0] = packet;
  const count = first & 0x1f;
  switch (type) {
    case SENDER_REPORT:
      return atLeast(packet, 28 + count * REPORT_BYTES);
    case RECEIVER_REPORT:
      return atLeast(packet, 8 + count * REPORT_BYTES);
    case SOURCE_DESCRIPTION:
      return atLeast(packet, HEADER_BYTES + count * 8);
    case TRANSPORT_FEEDBACK:
      return judgeTransportFeedback(packet, count);
    case PAYLOAD_FEEDBACK:
      return judgePayloadFeedback(packet, count);
    default:
      return 'unknown';
  }
}

function atLeast(packet: Uint8Array, bytes: number): Verdict {
  return packet.length >= bytes ? 'understood' : 'malformed';
}

/** RFC 4585, section 6.2; draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1. */
function judgeTransportFeedback(packet: Uint8Array, format: number): Verdict {
  if (format === 1) return atLeast(packet, FEEDBACK_HEADER_BYTES + 4);
  if (format !== 15) return 'unknown';
  const control = packet.subarray(FEEDBACK_HEADER_BYTES);
  if (control.length < 8 || word(control, 2) > MAX_REPORTED_PACKETS) return 'malformed';
  return parseTransportFeedback(control) === undefined ? 'malformed' : 'understood';
}

/** PLI (RFC 4585, section 6.3.1), FIR (RFC 5104, section 4.3.1), REMB (draft-alvestrand-rmcat-remb-03). */
function judgePayloadFeedback(packet: Uint8Array, format: number): Verdict {
  const control = packet.subarray(FEEDBACK_HEADER_BYTES);
  switch (format) {
    case 1:
      return atLeast(packet, FEEDBACK_HEADER_BYTES);
    case 4:
      return control.length > 0 && control.length % 8 === 0 ? 'understood' : 'malformed';
    case 15: {
      if (control.length < 8 || word(control, 0) * 2 ** 16 + word(control, 2) !== REMB) return 'unknown';
      return control.length === 8 + (control[4] ?? 0) * 4 ? 'understood' : 'malformed';
    }
    default:
      return 'unknown';
  }
}

function word(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
}

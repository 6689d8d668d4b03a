const COMMON_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 4;
const DATA = 0;
const INIT = 1;
const INIT_ACK = 2;
const SACK = 3;
const HEARTBEAT = 4;
const HEARTBEAT_ACK = 5;
const ABORT = 6;
const ERROR = 9;
const RECONFIG = 130;
const FORWARD_TSN = 192;

/** What is taken in now. */
export interface SctpRoom {
  /** The transmission sequence number up to which everything has come; undefined before the first. */
  readonly lastTsn: number | undefined;
  /** How far ahead of that a DATA chunk may be. */
  readonly maxAhead: number;
  /** Whether a DATA chunk of this stream is taken. */
  readonly takesStream: (streamId: number) => boolean;
}

/**
 * Whether the lengths in an SCTP packet (RFC 9260, section 3) agree with each other, and there is room for its DATA
 * chunks. A length of 0 would keep a reader that goes on by it where it is.
 */
export function isSoundSctp(packet: Buffer, room: SctpRoom): boolean {
  if (packet.length < COMMON_HEADER_BYTES + CHUNK_HEADER_BYTES) return false;
  for (let offset = COMMON_HEADER_BYTES; offset < packet.length; ) {
    if (offset + CHUNK_HEADER_BYTES > packet.length) return false;
    const length = packet.readUInt16BE(offset + 2);
    const end = offset + length;
    if (length < CHUNK_HEADER_BYTES || end > packet.length) return false;
    const body = packet.subarray(offset + CHUNK_HEADER_BYTES, end);
    if (!isSoundChunk(packet[offset] ?? 0, body, room)) return false;
    offset += padded(length);
  }
  return true;
}

function isSoundChunk(type: number, body: Buffer, room: SctpRoom): boolean {
  switch (type) {
    case DATA:
      return body.length > 12 && isNear(body.readUInt32BE(0), room) && room.takesStream(body.readUInt16BE(4));
    case INIT:
    case INIT_ACK:
      return body.length >= 16 && areSoundParameters(body.subarray(16));
    case SACK:
      return isSoundSack(body);
    case HEARTBEAT:
    case HEARTBEAT_ACK:
    case ABORT:
    case ERROR:
    case RECONFIG:
      return areSoundParameters(body);
    case FORWARD_TSN:
      return body.length >= 4 && body.length % 4 === 0;
    default:
      return true;
  }
}

/** At most so far ahead, or behind, which makes it a duplicate. */
function isNear(tsn: number, { lastTsn, maxAhead }: SctpRoom): boolean {
  if (lastTsn === undefined) return true;
  const ahead = (tsn - lastTsn) >>> 0;
  return ahead <= maxAhead || ahead >= 2 ** 31;
}

/** Gap blocks go up and do not overlap (RFC 9260, section 3.3.4). */
function isSoundSack(body: Buffer): boolean {
  if (body.length < 12) return false;
  const gaps = body.readUInt16BE(8);
  if (body.length < 12 + (gaps + body.readUInt16BE(10)) * 4) return false;
  let last = 0;
  for (let index = 0; index < gaps; index++) {
    const start = body.readUInt16BE(12 + index * 4);
    const end = body.readUInt16BE(14 + index * 4);
    if (start <= last || end < start) return false;
    last = end;
  }
  return true;
}

function areSoundParameters(parameters: Buffer): boolean {
  for (let offset = 0; offset + 4 <= parameters.length; ) {
    const length = parameters.readUInt16BE(offset + 2);
    if (length < 4 || offset + length > parameters.length) return false;
    offset += padded(length);
  }
  return true;
}

function padded(length: number): number {
  return (length + 3) & ~3;
}

const FIXED_BYTES = 12;
const CSRC_BYTES = 4;
const EXTENSION_HEADER_BYTES = 4;
const ONE_BYTE_PROFILE = 0xbede;
const TWO_BYTE_PROFILE = 0x1000;

/**
 * Bytes that the header of an RTP packet has, with its CSRCs and its extension (RFC 3550, section 5.1; RFC 8285).
 * Undefined where the packet is not of version 2 or a length in it reaches over the end of what holds it: then nothing
 * in it can be trusted, and readers that do may read for seconds.
 */
export function rtpHeaderLength(packet: Uint8Array): number | undefined {
  const [first = 0] = packet;
  if (packet.length < FIXED_BYTES || first >> 6 !== 2) return undefined;
  const start = FIXED_BYTES + (first & 0x0f) * CSRC_BYTES;
  const end = (first & 0x10) === 0 ? start : extensionEnd(packet, start);
  return end === undefined || end > packet.length ? undefined : end;
}

function extensionEnd(packet: Uint8Array, start: number): number | undefined {
  if (start + EXTENSION_HEADER_BYTES > packet.length) return undefined;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const profile = view.getUint16(start);
  const from = start + EXTENSION_HEADER_BYTES;
  const end = from + view.getUint16(start + 2) * 4;
  if (end > packet.length) return undefined;
  const elements = packet.subarray(from, end);
  if (profile === ONE_BYTE_PROFILE && !fits(elements, 1)) return undefined;
  if (profile === TWO_BYTE_PROFILE && !fits(elements, 2)) return undefined;
  return end;
}

/** Whether each element ends within the extension; `headerBytes` is what comes before the data of one. */
function fits(elements: Uint8Array, headerBytes: 1 | 2): boolean {
  for (let offset = 0; offset < elements.length; ) {
    const first = elements[offset] ?? 0;
    if (first === 0) {
      offset += 1;
      continue;
    }
    // RFC 8285, section 4.2: what follows the id 15 is not looked at.
    if (headerBytes === 1 && first >> 4 === 15) return true;
    const length =
      headerBytes === 1 ? (first & 0x0f) + 1 : (elements[offset + 1] ?? Number.POSITIVE_INFINITY);
    offset += headerBytes + length;
    if (offset > elements.length) return false;
  }
  return true;
}

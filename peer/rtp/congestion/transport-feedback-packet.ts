const VERSION_2 = 0x80;
/** Transport-layer feedback (RFC 4585, section 6.1) with the format of transport-wide congestion control. */
const PAYLOAD_TYPE = 205;
const FORMAT = 15;
const HEADER_BYTES = 12;

/**
 * A whole RTCP packet around feedback control information.
 * @param fci whole 32-bit words, as TransportFeedbackGenerator.due() gives it
 */
export function transportFeedbackPacket(senderSsrc: number, mediaSsrc: number, fci: Uint8Array): Uint8Array {
  const packet = new Uint8Array(HEADER_BYTES + fci.length);
  const view = new DataView(packet.buffer);
  view.setUint8(0, VERSION_2 | FORMAT);
  view.setUint8(1, PAYLOAD_TYPE);
  view.setUint16(2, packet.length / 4 - 1);
  view.setUint32(4, senderSsrc);
  view.setUint32(8, mediaSsrc);
  packet.set(fci, HEADER_BYTES);
  return packet;
}

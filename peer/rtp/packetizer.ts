import { H264Packetizer } from './h264-packetizer.ts';
import type { OutgoingPayload, VideoCodec } from './packet.ts';
import { Vp8Packetizer } from './vp8-packetizer.ts';

/** Splits coded frames into payloads of RTP packets, in the order in which they are to be sent. */
export interface Packetizer {
  packetize(frame: Uint8Array): OutgoingPayload[];
}

/** Bytes. With the headers of RTP, SRTP, UDP, IPv6 and a TURN relay this stays below an MTU of 1280. */
export const MAX_PAYLOAD_BYTES = 1150;

export interface PacketizerOptions {
  maxPayloadBytes?: number;
  /** Of H.264 (RFC 6184, section 6): 0 for single NAL unit packets alone, 1 with aggregation and fragments. */
  packetizationMode?: 0 | 1;
}

export function createPacketizer(codec: VideoCodec, options: PacketizerOptions = {}): Packetizer {
  const { maxPayloadBytes = MAX_PAYLOAD_BYTES, packetizationMode = 1 } = options;
  switch (codec) {
    case 'VP8':
      return new Vp8Packetizer({ maxPayloadBytes });
    case 'H264':
      return new H264Packetizer({ maxPayloadBytes, packetizationMode });
  }
}

/** The part of an RTP packet (RFC 3550, section 5.1) that the receive and send paths look at. */
export interface RtpPacketView {
  /** 16 bits, wraps. */
  readonly sequenceNumber: number;
  /** 32 bits, wraps; 90 kHz for video. */
  readonly timestamp: number;
  /** The last packet of a frame. */
  readonly marker: boolean;
  readonly payload: Uint8Array;
}

/** Codecs that are taken in and given out. */
export type VideoCodec = 'VP8' | 'H264';

/** Codecs that are taken in. */
export type IncomingCodec = VideoCodec | 'VP9' | 'AV1';

/** Whether a picture in this codec can be made, and not only read. */
export function isVideoCodec(codec: IncomingCodec): codec is VideoCodec {
  return codec === 'VP8' || codec === 'H264';
}

/** One whole coded frame, as a decoder takes it. */
export interface AccessUnit {
  /**
   * VP8, VP9: the frame. H.264: NAL units in Annex B form, each after a four-byte start code. AV1: a temporal unit in
   * the low-overhead format, every OBU with its size.
   */
  readonly data: Uint8Array;
  /** RTP timestamp, 90 kHz, 32 bits. */
  readonly timestamp: number;
  readonly keyframe: boolean;
  /** Milliseconds of the caller's clock when the last packet of the frame arrived. */
  readonly arrivedAt: number;
}

/** What a packetizer makes of a part of a frame: the payload of one RTP packet and its marker bit. */
export interface OutgoingPayload {
  readonly payload: Uint8Array;
  /** True for the last packet of the frame. */
  readonly marker: boolean;
}

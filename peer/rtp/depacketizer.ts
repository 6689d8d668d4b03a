import { depacketizeH264 } from './h264-depacketizer.ts';
import type { VideoCodec } from './packet.ts';
import { depacketizeVp8 } from './vp8-depacketizer.ts';

/** What the payload of one RTP packet adds to its frame. */
export interface PayloadPart {
  /** To be put one after the other behind what the frame has so far. */
  readonly pieces: readonly Uint8Array[];
  /** Whether the frame begins here: `possible` where only the packet before can tell. */
  readonly start: 'certain' | 'possible' | 'impossible';
  /** This part shows that the frame is a key frame. */
  readonly keyframe: boolean;
  /** Whether there is something of a picture in it; H.264 parameter sets alone make no frame. */
  readonly picture: boolean;
  /** NAL unit type of the fragmented H.264 unit that it continues; the packet before must have left it open. */
  readonly continues?: number;
  /** NAL unit type of the fragmented H.264 unit that the next packet must continue. */
  readonly leavesOpen?: number;
}

/** Reads one payload, of any content and length; `undefined` when it is malformed. */
export type Depacketize = (payload: Uint8Array) => PayloadPart | undefined;

export const depacketizers: Readonly<Record<VideoCodec, Depacketize>> = {
  VP8: depacketizeVp8,
  H264: depacketizeH264,
};

import { depacketizeAv1, joinTemporalUnit } from './av1-depacketizer.ts';
import { concatenate } from './concatenate.ts';
import { depacketizeH264 } from './h264-depacketizer.ts';
import type { IncomingCodec } from './packet.ts';
import { depacketizeVp8 } from './vp8-depacketizer.ts';
import { depacketizeVp9 } from './vp9-depacketizer.ts';

/** What the payload of one RTP packet adds to its frame. */
export interface PayloadPart {
  /** To be put one after the other behind what the frame has so far, and joined when the frame is whole. */
  readonly pieces: readonly Uint8Array[];
  /** Whether the frame begins here: `possible` where only the packet before can tell. */
  readonly start: 'certain' | 'possible' | 'impossible';
  /** This part shows that the frame is a key frame. */
  readonly keyframe: boolean;
  /** Whether there is something of a picture in it; the parameter sets of H.264 and AV1 alone make no frame. */
  readonly picture: boolean;
  /** Type of the fragmented unit that it continues (H.264, AV1); the packet before must have left it open. */
  readonly continues?: number;
  /** Type of the fragmented unit that the next packet must continue. */
  readonly leavesOpen?: number;
}

/** Reads one payload, of any content and length; `undefined` when it is malformed. */
export type Depacketize = (payload: Uint8Array) => PayloadPart | undefined;

export const depacketizers: Readonly<Record<IncomingCodec, Depacketize>> = {
  VP8: depacketizeVp8,
  H264: depacketizeH264,
  VP9: depacketizeVp9,
  AV1: depacketizeAv1,
};

/** Makes a frame of all its pieces, in memory of its own; `undefined` when they are malformed. */
export type Join = (pieces: readonly Uint8Array[]) => Uint8Array | undefined;

export const joins: Readonly<Record<IncomingCodec, Join>> = {
  VP8: concatenate,
  H264: concatenate,
  VP9: concatenate,
  AV1: joinTemporalUnit,
};

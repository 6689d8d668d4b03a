import type { PayloadPart } from './depacketizer.ts';
import { parseVp9Descriptor } from './vp9-descriptor.ts';

/**
 * Reads a VP9 payload (RFC 9628, section 4), in flexible mode or not. Of several spatial layers the lowest is taken:
 * it stands for itself, while the others in one RTP frame are no VP9 frame that a decoder could split. All temporal
 * layers are taken.
 */
export function depacketizeVp9(payload: Uint8Array): PayloadPart | undefined {
  const descriptor = parseVp9Descriptor(payload);
  if (descriptor === undefined) return undefined;
  if (descriptor.spatialLayer > 0) {
    return { pieces: [], start: 'impossible', keyframe: false, picture: false };
  }
  const data = payload.subarray(descriptor.length);
  const begins = descriptor.startOfFrame;
  return {
    pieces: [data],
    start: begins ? 'certain' : 'impossible',
    keyframe: begins && !descriptor.interPicture && isKeyframe(data[0] ?? 0),
    picture: true,
  };
}

/**
 * The first bits of the uncompressed header (VP9, section 6.2): the frame marker, two bits of profile (3 has one more),
 * show_existing_frame, and frame_type, 0 for a key frame. A frame that refers to none before it may be intra-only,
 * with which no decoder can begin.
 */
function isKeyframe(header: number): boolean {
  const [showExisting, frameType] = (header & 0x30) === 0x30 ? [0x04, 0x02] : [0x08, 0x04];
  return header >> 6 === 2 && (header & showExisting) === 0 && (header & frameType) === 0;
}

import type { PayloadPart } from './depacketizer.ts';
import { parseVp8Descriptor } from './vp8-descriptor.ts';

/**
 * Reads a VP8 payload (RFC 7741, section 4). A frame begins where the first partition does, and the lowest bit of the
 * frame's first byte is 0 in a key frame (section 4.3).
 */
export function depacketizeVp8(payload: Uint8Array): PayloadPart | undefined {
  const descriptor = parseVp8Descriptor(payload);
  if (descriptor === undefined) return undefined;
  const begins = descriptor.startOfPartition && descriptor.partition === 0;
  const data = payload.subarray(descriptor.length);
  return {
    pieces: [data],
    start: begins ? 'certain' : 'impossible',
    keyframe: begins && ((data[0] ?? 1) & 1) === 0,
    picture: true,
  };
}

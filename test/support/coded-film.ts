import { type EncodedFrame, VideoEncoder } from '../../peer/codec/encoder.ts';
import type { VideoCodec } from '../../peer/rtp/packet.ts';
import { footagePath, readFootage } from './footage.ts';

const SIZE = { width: 640, height: 480 };
const FRAME_TICKS = 3000;

/**
 * The first pictures of a film as a camera would send them: one key frame, then deltas.
 * @param firstTimestamp RTP timestamp of the first frame; one close to 2³² crosses the wrap
 */
export async function codedFilm(
  codec: VideoCodec,
  count: number,
  firstTimestamp: number,
): Promise<EncodedFrame[]> {
  const path = footagePath('asl_milk.mkv');
  if (path === undefined) throw new Error('Cannot find the footage');
  using encoder = await VideoEncoder.open({ codec, ...SIZE, bitrate: 1_500_000, frameRate: 30 });
  const frames: EncodedFrame[] = [];
  for await (using picture of readFootage(path, SIZE)) {
    const encoded = await encoder.encode(picture, { keyframe: frames.length === 0 });
    if (encoded) frames.push({ ...encoded, timestamp: (firstTimestamp + frames.length * FRAME_TICKS) >>> 0 });
    if (frames.length === count) break;
  }
  return frames;
}

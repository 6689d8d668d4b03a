import type { EncodedFrame } from '../../peer/codec/encoder.ts';
import { NativeEncoder } from '../../peer/codec/native/encoder.ts';
import type { NativeVideoFrame } from '../../peer/codec/native/video-frame.ts';
import type { VideoCodec } from '../../peer/rtp/packet.ts';
import { footagePath, readFootage } from './footage.ts';
import { syntheticFrame } from './pictures.ts';

const SIZE = { width: 640, height: 480 };
const FRAME_TICKS = 3000;

/**
 * The first pictures of a film with a person as a camera would send them: one key frame, then deltas.
 * @param firstTimestamp RTP timestamp of the first frame; one close to 2³² crosses the wrap
 */
export async function codedFilm(
  codec: VideoCodec,
  count: number,
  firstTimestamp: number,
): Promise<EncodedFrame[]> {
  const path = footagePath('asl_milk.mkv');
  if (path === undefined) throw new Error('Cannot find the footage');
  return encodeAll(codec, readFootage(path, SIZE), count, firstTimestamp);
}

/** What {@link codedFilm} gives, of pictures that need no film; nothing that a model knows is on them. */
export async function syntheticFilm(
  codec: VideoCodec,
  count: number,
  firstTimestamp: number,
): Promise<EncodedFrame[]> {
  return encodeAll(codec, syntheticFrames(), count, firstTimestamp);
}

function* syntheticFrames(): Generator<NativeVideoFrame> {
  for (let n = 0; ; n++) yield syntheticFrame(SIZE.width, SIZE.height, n);
}

async function encodeAll(
  codec: VideoCodec,
  pictures: AsyncIterable<NativeVideoFrame> | Iterable<NativeVideoFrame>,
  count: number,
  firstTimestamp: number,
): Promise<EncodedFrame[]> {
  using encoder = await NativeEncoder.open({ codec, ...SIZE, bitrate: 1_500_000, frameRate: 30 });
  const frames: EncodedFrame[] = [];
  for await (using picture of pictures) {
    const encoded = await encoder.encode(picture, { keyframe: frames.length === 0 });
    if (encoded) frames.push({ ...encoded, timestamp: (firstTimestamp + frames.length * FRAME_TICKS) >>> 0 });
    if (frames.length === count) break;
  }
  return frames;
}

import { VideoDecoder } from '../../../peer/codec/decoder.ts';
import { type EncodedFrame, VideoEncoder } from '../../../peer/codec/encoder.ts';
import type { EncoderOptions } from '../../../peer/codec/encoder-settings.ts';
import type { VideoFrame } from '../../../peer/codec/video-frame.ts';
import { syntheticFrame } from '../../support/pictures.ts';

/** Encodes synthetic frames, the first as a key frame. Fails where a frame gives no packet at once. */
export async function encodeSequence(
  options: Omit<EncoderOptions, 'bitrate'> & { bitrate?: number },
  count: number,
): Promise<EncodedFrame[]> {
  using encoder = await VideoEncoder.open({ bitrate: 1_500_000, ...options });
  const units: EncodedFrame[] = [];
  for (let n = 0; n < count; n += 1) {
    using frame = syntheticFrame(options.width, options.height, n);
    const unit = await encoder.encode(frame, { keyframe: n === 0 });
    if (!unit) throw new Error(`Frame ${n} gave no packet`);
    units.push(unit);
  }
  return units;
}

/** Decodes units one by one and hands each frame to `visit`, which must not keep it. Fails where one gives no frame. */
export async function decodeSequence(
  codec: EncoderOptions['codec'],
  units: readonly EncodedFrame[],
  visit: (frame: VideoFrame, n: number) => void,
): Promise<void> {
  using decoder = await VideoDecoder.open(codec);
  for (const [n, unit] of units.entries()) {
    using frame = await decoder.decode(unit);
    if (!frame) throw new Error(`Unit ${n} gave no frame`);
    visit(frame, n);
  }
}

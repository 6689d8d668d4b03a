import { VideoDecoder } from '../../../peer/codec/decoder.ts';
import { type EncodedFrame, VideoEncoder } from '../../../peer/codec/encoder.ts';
import type { EncoderOptions } from '../../../peer/codec/encoder-settings.ts';
import type { VideoFrame } from '../../../peer/codec/video-frame.ts';
import type { IncomingCodec } from '../../../peer/rtp/packet.ts';
import { ForeignEncoder } from '../../support/foreign-encoder.ts';
import { syntheticFrame } from '../../support/pictures.ts';

interface SequenceOptions extends Omit<EncoderOptions, 'codec' | 'bitrate'> {
  codec: IncomingCodec;
  bitrate?: number;
}

/** Encodes synthetic frames, the first as a key frame. Fails where a frame gives no packet at once. */
export async function encodeSequence(options: SequenceOptions, count: number): Promise<EncodedFrame[]> {
  using encoder = await openEncoder(options);
  const units: EncodedFrame[] = [];
  for (let n = 0; n < count; n += 1) {
    using frame = syntheticFrame(options.width, options.height, n);
    const unit = await encoder.encode(frame, { keyframe: n === 0 });
    if (!unit) throw new Error(`Frame ${n} gave no packet`);
    units.push(unit);
  }
  return units;
}

async function openEncoder({ codec, ...options }: SequenceOptions): Promise<VideoEncoder | ForeignEncoder> {
  if (codec === 'VP9' || codec === 'AV1') return ForeignEncoder.open(codec, options);
  return VideoEncoder.open({ bitrate: 1_500_000, ...options, codec });
}

/** Decodes units one by one and hands each frame to `visit`, which must not keep it. Fails where one gives no frame. */
export async function decodeSequence(
  codec: IncomingCodec,
  units: readonly EncodedFrame[],
  visit: (frame: VideoFrame, n: number) => void,
  options: { threads?: number } = {},
): Promise<void> {
  using decoder = await VideoDecoder.open(codec, options);
  for (const [n, unit] of units.entries()) {
    using frame = await decoder.decode(unit);
    if (!frame) throw new Error(`Unit ${n} gave no frame`);
    visit(frame, n);
  }
}

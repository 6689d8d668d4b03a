import type { Codecs } from '../../../peer/codec/codecs.ts';
import type { EncodedFrame, EncoderOptions } from '../../../peer/codec/encoder.ts';
import { nativeCodecs } from '../../../peer/codec/native/codecs.ts';
import type { VideoFrame } from '../../../peer/codec/video-frame.ts';
import { type IncomingCodec, isVideoCodec } from '../../../peer/rtp/packet.ts';
import { ForeignEncoder } from '../../support/foreign-encoder.ts';
import { paintSynthetic, syntheticFrame } from '../../support/pictures.ts';

interface SequenceOptions extends Omit<EncoderOptions, 'codec' | 'bitrate'> {
  codec: IncomingCodec;
  bitrate?: number;
}

/**
 * Encodes synthetic frames, the first as a key frame. Fails where a frame gives no packet at once. What Sightline never
 * writes (VP9, AV1) is encoded in this process in any case.
 */
export async function encodeSequence(
  { codec, ...options }: SequenceOptions,
  count: number,
  codecs: Codecs = nativeCodecs,
): Promise<EncodedFrame[]> {
  if (!isVideoCodec(codec)) return encodeForeign(codec, options, count);
  using encoder = await codecs.openEncoder({ bitrate: 1_500_000, ...options, codec });
  const units: EncodedFrame[] = [];
  for (let n = 0; n < count; n += 1) {
    using frame = codecs.allocateFrame(options.width, options.height, n * 3000);
    paintSynthetic(frame.picture, n);
    const unit = await encoder.encode(frame, { keyframe: n === 0 });
    if (!unit) throw new Error(`Frame ${n} gave no packet`);
    units.push(unit);
  }
  return units;
}

async function encodeForeign(
  codec: 'VP9' | 'AV1',
  size: { width: number; height: number },
  count: number,
): Promise<EncodedFrame[]> {
  using encoder = await ForeignEncoder.open(codec, { width: size.width, height: size.height });
  const units: EncodedFrame[] = [];
  for (let n = 0; n < count; n += 1) {
    using frame = syntheticFrame(size.width, size.height, n);
    units.push(await encoder.encode(frame));
  }
  return units;
}

/** Decodes units one by one and hands each frame to `visit`, which must not keep it. Fails where one gives no frame. */
export async function decodeSequence(
  codec: IncomingCodec,
  units: readonly EncodedFrame[],
  visit: (frame: VideoFrame, n: number) => void,
  { codecs = nativeCodecs, ...options }: { threads?: number; codecs?: Codecs } = {},
): Promise<void> {
  using decoder = await codecs.openDecoder(codec, options);
  for (const [n, unit] of units.entries()) {
    using frame = await decoder.decode(unit);
    if (!frame) throw new Error(`Unit ${n} gave no frame`);
    visit(frame, n);
  }
}

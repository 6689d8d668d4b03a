import type { Codecs } from '../codecs.ts';
import { codecInfo } from './codec-info.ts';
import { NativeDecoder } from './decoder.ts';
import { NativeEncoder } from './encoder.ts';
import { NativeResizer } from './frame-resizer.ts';
import { decodeImage } from './image-decoder.ts';
import { NativeJpegEncoder } from './jpeg-encoder.ts';
import { NativeMediaReader } from './media-reader.ts';
import { NativeMediaWriter } from './media-writer.ts';
import { liveNatives } from './natives.ts';
import { NativeScaler } from './scaler.ts';
import { NativeVideoFrame } from './video-frame.ts';

/** FFmpeg in this process, through node-av. */
export const nativeCodecs: Codecs = {
  info: codecInfo(),
  get live() {
    return liveNatives();
  },
  openDecoder: NativeDecoder.open,
  openEncoder: NativeEncoder.open,
  decodeImage,
  openJpegEncoder: (options) => new NativeJpegEncoder(options),
  openReader: NativeMediaReader.open,
  openWriter: NativeMediaWriter.open,
  newScaler: () => new NativeScaler(),
  newResizer: () => new NativeResizer(),
  allocateFrame: NativeVideoFrame.allocate,
};

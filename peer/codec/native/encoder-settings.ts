import {
  AV_PIX_FMT_YUV420P,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_SPC_SMPTE170M,
  AVCOL_SPC_UNSPECIFIED,
} from 'node-av/constants';
import { type CodecContext, Rational } from 'node-av/lib';
import type { EncoderOptions } from '../encoder.ts';
import { levelOf, NEVER } from '../library-options.ts';

const colourSpaces = { bt601: AVCOL_SPC_SMPTE170M, bt709: AVCOL_SPC_BT709 } as const;

/** Sets what must be known before a codec is opened, but for the rate. */
export function configure(context: CodecContext, options: EncoderOptions): void {
  context.width = options.width;
  context.height = options.height;
  context.pixelFormat = AV_PIX_FMT_YUV420P;
  context.colorRange = AVCOL_RANGE_MPEG;
  context.colorSpace = options.matrix ? colourSpaces[options.matrix] : AVCOL_SPC_UNSPECIFIED;
  context.timeBase = new Rational(1, 90_000);
  context.framerate = new Rational(options.frameRate ?? 30, 1);
  context.gopSize = NEVER;
  context.maxBFrames = 0;
  context.threadCount = options.threads ?? 1;
  const level = levelOf(options);
  if (level !== undefined) context.level = level;
}

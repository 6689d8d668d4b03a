import { SightlineError } from '../../../protocol/errors.ts';
import type { FrameHeader } from '../../../protocol/frames.ts';
import type { Codecs } from '../../codec/codecs.ts';
import type { VideoFrame } from '../../codec/video-frame.ts';
import { inBands } from '../../row-bands.ts';
import type { I420Picture } from '../../vision/i420.ts';
import { rgbToI420 } from '../../vision/rgb-to-i420.ts';

/** 4K UHD. */
const MAX_PIXELS = 3840 * 2160;

/**
 * Makes a frame of a picture that came in; the caller closes it. The bytes must not change before it is done.
 * @throws SightlineError `image-invalid`, `image-unsupported`, `image-too-large`, `frame-header-invalid`
 */
export async function decodeFrame(
  codecs: Codecs,
  { header, payload }: { header: FrameHeader; payload: Uint8Array },
  timestamp: number,
): Promise<VideoFrame> {
  const { format, width, height } = header;
  if (format !== 'rgb24' && format !== 'i420') {
    const frame = await codecs.decodeImage(payload, { maxPixels: MAX_PIXELS, timestamp });
    if ((width === 0 && height === 0) || (frame.width === width && frame.height === height)) return frame;
    const found = `${frame.width}×${frame.height}`;
    frame.close();
    throw new SightlineError(
      'frame-header-invalid',
      `Cannot read the frame: expected a picture of ${width}×${height} as the header says, found ${found}`,
    );
  }
  if (width * height > MAX_PIXELS) throw tooLarge(width, height);
  const frame = codecs.allocateFrame(width, height, timestamp);
  try {
    if (format === 'i420') copyPlanes(payload, frame.picture);
    else await inBands(frame, (from, end) => rgbToI420(payload, frame.picture, from, end));
    return frame;
  } catch (error) {
    frame.close();
    throw error;
  }
}

function copyPlanes(packed: Uint8Array, { width, height, planes, strides }: I420Picture): void {
  let from = 0;
  for (const [index, plane] of planes.entries()) {
    const [columns, rows] = index === 0 ? [width, height] : [Math.ceil(width / 2), Math.ceil(height / 2)];
    for (let row = 0; row < rows; row++, from += columns) {
      plane.set(packed.subarray(from, from + columns), row * (strides[index] ?? 0));
    }
  }
}

function tooLarge(width: number, height: number): SightlineError {
  return new SightlineError(
    'image-too-large',
    `Cannot read the frame: expected at most ${MAX_PIXELS} pixels, found ${width}×${height}`,
  );
}

import type { ModelManifest } from '../../models/manifest.ts';
import { SightlineError } from '../../protocol/errors.ts';
import { letterbox, type Size } from '../vision/letterbox.ts';
import { fitWithin } from '../vision/stages/picture.ts';

/**
 * The size that a frame's pixels are brought to for a model.
 *
 * @throws {SightlineError} `inference-failed` where the frame has no pixels
 */
export function pixelSize({ id, input, second }: ModelManifest, frame: Size): Size {
  if (!(frame.width >= 1 && frame.height >= 1)) {
    throw new SightlineError(
      'inference-failed',
      `Cannot show a frame to the model ${id}: expected at least one pixel, found ${frame.width}×${frame.height}`,
    );
  }
  if (second) return fitWithin(frame, second.picture);
  const { scaledWidth: width, scaledHeight: height } = letterbox(frame, input, input.fit);
  return { width, height };
}

/** The most pixels that {@link pixelSize} can ask for. */
export function largestPixelSize({ input, second }: ModelManifest): Size {
  return second?.picture ?? input;
}

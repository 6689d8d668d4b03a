import { SightlineError } from '../../../protocol/errors.ts';

/** Pixels of one image: those of a camera of 24 megapixels. */
export const MAX_PIXELS = 6_240 * 4_160;
/** Of one image, as it is sent. */
export const MAX_IMAGE_BYTES = 32 * 1024 * 1024;
/** Of one request. It is read bit by bit: this is for callers that would never end. */
export const MAX_BODY_BYTES = 512 * 1024 * 1024;

/** The failure of an image of so many bytes; undefined where they are not too many. */
export function expectImageBytes(bytes: number): SightlineError | undefined {
  if (bytes <= MAX_IMAGE_BYTES) return undefined;
  const message = `Cannot read the image: expected at most ${MAX_IMAGE_BYTES} bytes, found more`;
  return new SightlineError('image-too-large', message);
}

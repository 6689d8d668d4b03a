import { SightlineError } from '../../protocol/errors.ts';

/** @param found such as `expected a frame header, found none` */
export function invalidImage(found: string, cause?: unknown): SightlineError {
  return new SightlineError('image-invalid', `Cannot read the image: ${found}`, cause ? { cause } : {});
}

/** @param found such as `expected 1 or 3 components, found 4` */
export function unsupportedImage(found: string): SightlineError {
  return new SightlineError('image-unsupported', `Cannot read the image: ${found}`);
}

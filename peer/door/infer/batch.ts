import { SightlineError } from '../../../protocol/errors.ts';
import { MAX_IMAGES } from '../../../protocol/infer.ts';

/** Settings as they were sent, not validated yet. */
export type RawSettings = Readonly<Record<string, unknown>>;

/** An image as it was sent, or why there is none in its place. */
export type SentImage = { readonly bytes: Uint8Array } | { readonly failure: SightlineError };

/** What a body is made of, in the order of the body. */
export type BatchPart = SentImage | { readonly settings: RawSettings };

/** The images of one request and what is to be looked for in them. */
export interface Batch {
  readonly settings: RawSettings;
  readonly images: AsyncGenerator<SentImage>;
}

/** Images, and bytes of them, that are held back for settings that may stand behind them. */
const HELD_IMAGES = 8;
const HELD_BYTES = 8 * 1024 * 1024;

/**
 * Puts the settings of a request in front of its images. Settings count from wherever they stand in a body of up to eight
 * images; of a longer one they have to come before the images, which are not kept.
 *
 * @param given settings of the address
 * @throws SightlineError whatever the parts throw
 */
export async function openBatch(parts: AsyncGenerator<BatchPart>, given: RawSettings): Promise<Batch> {
  const held: SentImage[] = [];
  let settings = given;
  let bytes = 0;
  let ended = false;
  const isOpen = () => held.length === 0 || Object.keys(settings).length === 0;
  while (!ended && isOpen() && held.length < HELD_IMAGES && bytes < HELD_BYTES) {
    const { value, done } = await parts.next();
    if (done) ended = true;
    else if ('settings' in value) settings = { ...settings, ...value.settings };
    else {
      held.push(value);
      bytes += 'bytes' in value ? value.bytes.length : 0;
    }
  }
  return { settings, images: imagesOf(held, parts) };
}

/** @throws SightlineError `images-missing`, `too-many-images`, `infer-invalid` for settings that come too late */
async function* imagesOf(held: SentImage[], parts: AsyncGenerator<BatchPart>): AsyncGenerator<SentImage> {
  let count = 0;
  try {
    for (let image = held.shift(); image; image = held.shift()) yield counted(image, ++count);
    for await (const part of parts) {
      if (!('settings' in part)) yield counted(part, ++count);
      else if (Object.keys(part.settings).length > 0) throw tooLate(part.settings);
    }
  } finally {
    await parts.return(undefined);
  }
  if (count === 0)
    throw new SightlineError('images-missing', 'Cannot look at images: expected at least 1, found none');
}

function counted(image: SentImage, count: number): SentImage {
  if (count <= MAX_IMAGES) return image;
  const message = `Cannot look at images: expected at most ${MAX_IMAGES}, found more`;
  throw new SightlineError('too-many-images', message);
}

function tooLate(settings: RawSettings): SightlineError {
  const names = Object.keys(settings).join(', ');
  return new SightlineError(
    'infer-invalid',
    `Cannot look at images: expected settings before the images or in the address, found ${names} behind them`,
  );
}

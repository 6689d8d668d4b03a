import { z } from 'zod';
import { SightlineError } from '../../protocol/errors.ts';
import { jpegWishSchema } from '../../protocol/frame-messages.ts';

const { quality, width, fps, picture } = jpegWishSchema.shape;

/** A number as one writes it in an address. */
const number = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,6})?$/, 'expected a number')
  .transform(Number);

/** What may stand in the address of pictures of a session, as texts. */
export const jpegQuery = {
  quality: number.pipe(quality.unwrap()).default(80),
  width: number.pipe(width.unwrap()).optional(),
  fps: number.pipe(fps.unwrap()).optional(),
  picture,
  /** Names the camera; the first when left out. */
  mid: z.string().max(64).optional(),
};

/** @throws SightlineError `query-invalid` */
export function readQuery<T extends z.ZodType>(schema: T, query: object): z.infer<T> {
  const parsed = schema.safeParse({ ...query });
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    ({ path, message }) => `${z.core.toDotPath(path) || 'query'}: ${message}`,
  );
  throw new SightlineError('query-invalid', `Cannot use the query of the address: ${faults.join('; ')}`);
}

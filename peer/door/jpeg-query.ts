import { z } from 'zod';
import { jpegWishSchema } from '../../protocol/frame-messages.ts';
import { queryNumber } from '../../protocol/query.ts';

const { quality, width, fps, picture } = jpegWishSchema.shape;

/** What may stand in the address of pictures of a session, as texts. */
export const jpegQuery = {
  quality: queryNumber.pipe(quality.unwrap()).default(80),
  width: queryNumber.pipe(width.unwrap()).optional(),
  fps: queryNumber.pipe(fps.unwrap()).optional(),
  picture,
  /** Names the camera; the first when left out. */
  mid: z.string().max(64).optional(),
};

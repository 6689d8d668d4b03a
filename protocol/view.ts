import { z } from 'zod';

/** What one who watches a session chooses: the query of `POST /sessions/:id/whep`. */
export const viewSettingsSchema = z.strictObject({
  /** Which camera of the session; the first when left out. */
  mid: z.string().min(1).max(64).optional(),
  /** The picture that is drawn into, or the camera's own. `annotated` when left out. */
  output: z.enum(['annotated', 'passthrough']).optional(),
});

/** The offer of one who watches. */
export const viewOfferSchema = viewSettingsSchema.extend({ sdp: z.string().min(1) });
export type ViewOffer = z.infer<typeof viewOfferSchema>;

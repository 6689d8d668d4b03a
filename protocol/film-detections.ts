import { z } from 'zod';
import { detectionsSchema } from './detections.ts';

/**
 * What was found in one picture of a film, or in one still picture: a message of the `detections` channel without what
 * only a call has. A line of `sightline infer --jsonl`.
 */
export const filmDetectionsSchema = detectionsSchema
  .pick({
    type: true,
    v: true,
    width: true,
    height: true,
    task: true,
    model: true,
    objects: true,
    mask: true,
  })
  .extend({
    /** Name of the picture, where there are several files. */
    file: z.string().optional(),
    /** Counts all pictures from 0, those that were not looked at among them. */
    frame: z.int().min(0),
    /** Seconds from the start of the film; 0 for a still picture. */
    time: z.number().min(0),
  });
export type FilmDetections = z.infer<typeof filmDetectionsSchema>;

import { z } from 'zod';
import { detectedObjectSchema, maskSchema } from './detections.ts';
import { isErrorCode } from './errors.ts';
import { taskSettingsSchema } from './tasks.ts';

/** Images of one request at most. */
export const MAX_IMAGES = 64;

/** What is looked for in the images of one request; the server's default detector where all is left out. */
export const inferSettingsSchema = taskSettingsSchema.pick({
  task: true,
  model: true,
  threshold: true,
  classes: true,
});
export type InferSettings = z.infer<typeof inferSettingsSchema>;

/** The JSON body of `POST /infer`: images in base64 (RFC 4648, section 4 or 5), and settings, best in front of them. */
export const inferRequestSchema = inferSettingsSchema.extend({
  images: z.array(z.string()),
});

/** What went wrong with one image, or with all that comes after it. */
const inferErrorSchema = z.object({
  code: z.string().refine(isErrorCode, 'Unknown error code'),
  detail: z.string(),
});
export type InferError = z.infer<typeof inferErrorSchema>;

/** What was found in one image; or why nothing could be, in its place. */
export const inferResultSchema = z.union([
  z.object({
    /** Pixels, upright. */
    width: z.int().positive(),
    height: z.int().positive(),
    task: z.string(),
    model: z.string(),
    objects: z.array(detectedObjectSchema),
    /** Of the task `segment`. */
    mask: maskSchema.optional(),
  }),
  z.object({ error: inferErrorSchema }),
]);
export type InferResult = z.infer<typeof inferResultSchema>;

/** Answer to `POST /infer`; as `application/x-ndjson` each result is a line, and a last line may be `{"error":…}`. */
export const inferAnswerSchema = z.object({
  /** One for each image, in the order in which they were sent. */
  results: z.array(inferResultSchema),
  /** Why the images after those were not looked at, where that was found out too late for the status to say it. */
  error: inferErrorSchema.optional(),
});
export type InferAnswer = z.infer<typeof inferAnswerSchema>;

import { z } from 'zod';

/** What a model looks for. */
export const taskSchema = z.enum([
  'detect',
  'faces',
  'pose',
  'hands',
  'face-mesh',
  'segment',
  'classify',
  'embed',
  'text',
]);
export type Task = z.infer<typeof taskSchema>;

const thresholdSchema = z.number().min(0.01).max(1);

/** Catalogue id of a model. */
const modelIdSchema = z.string().min(1).max(64);

/** What a client chooses for one task of its session. */
export const taskSettingsSchema = z.strictObject({
  /** The best model of this task that the server has, where no model is named. */
  task: taskSchema.optional(),
  model: modelIdSchema.optional(),
  /**
   * Objects below this score are neither drawn nor reported, but for those that are followed: they may fall to 0.6 of it.
   * The default of the model when left out.
   */
  threshold: thresholdSchema.optional(),
  /** Labels that are drawn and reported; all when left out. */
  classes: z.array(z.string().min(1).max(64)).min(1).max(100).optional(),
  /** Frames a second that are looked at, at most; as many as the server can when left out. */
  rate: z.number().min(0.1).max(60).optional(),
  /**
   * Milliseconds from a decoded frame to its result: while results come later, fewer frames are looked at, down to a tenth
   * of `rate`. Without effect in `exact`, where every frame waits for its result.
   */
  budgetMs: z.number().min(10).max(10_000).optional(),
});
export type TaskSettings = z.infer<typeof taskSettingsSchema>;

/** Tasks that one session may have side by side; each costs the time of its model. */
const MAX_TASKS = 4;
export const taskListSchema = z.array(taskSettingsSchema).min(1).max(MAX_TASKS);

/**
 * `live`: every frame goes out at once, with what is known carried forward to its time. `exact`: a frame goes out only
 * with its own result, as many as the model can.
 */
export const syncSchema = z.enum(['live', 'exact']);
export type Sync = z.infer<typeof syncSchema>;

/** What is hidden in the picture that goes out. Without a fresh result everything is covered. */
export const effectsSchema = z.strictObject({
  faces: z.enum(['blur', 'pixelate', 'off']).optional(),
  /** `#rrggbb` puts a colour in place of the background. */
  background: z.union([z.enum(['blur', 'off']), z.string().regex(/^#[0-9a-f]{6}$/i)]).optional(),
});
export type Effects = z.infer<typeof effectsSchema>;

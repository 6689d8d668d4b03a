import { z } from 'zod';
import { currentSettingsSchema, liveSettingsSchema } from './session.ts';
import { taskSchema } from './tasks.ts';

/** Characters that a message on the `control` channel may have. */
export const MAX_CONTROL_MESSAGE = 16_384;

/** A message of the client on the `control` data channel: change these settings of the session. */
export const configureSchema = z.strictObject({
  type: z.literal('configure'),
  /** Comes back in the answer, so that the client can tell which message it belongs to. */
  id: z.union([z.string().max(64), z.number()]).optional(),
  ...liveSettingsSchema.shape,
});

/** What the server says on the channel unasked: once for each change. */
export const controlNoticeSchema = z.discriminatedUnion('code', [
  z.object({
    type: z.literal('notice'),
    /** Video goes out and the client reports nothing on it, so that it is sent at the least rate. */
    code: z.literal('feedback-missing'),
    detail: z.string(),
  }),
  z.object({
    type: z.literal('notice'),
    /**
     * `model-failing`: a model of the session fails again and again; video goes on without what it sees, and what it
     * should hide stays covered. `model-recovered`: it has results again.
     */
    code: z.enum(['model-failing', 'model-recovered']),
    task: taskSchema,
    /** Catalogue id. */
    model: z.string(),
    detail: z.string(),
  }),
]);
export type ControlNotice = Readonly<z.infer<typeof controlNoticeSchema>>;

/** Of the message that is answered; left out where that has none. */
const id = configureSchema.shape.id;

/** The answer: the settings as they are from now on, or what is wrong with the message. */
export const controlReplySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('configured'), id, ...currentSettingsSchema.shape }),
  z.object({ type: z.literal('error'), id, code: z.string(), detail: z.string() }),
]);
export type ControlReply = z.infer<typeof controlReplySchema>;

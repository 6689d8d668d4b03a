import { z } from 'zod';
import { type CurrentSettings, liveSettingsSchema } from './session.ts';

/** Characters that a message on the `control` channel may have. */
export const MAX_CONTROL_MESSAGE = 16_384;

/** A message of the client on the `control` data channel: change these settings of the session. */
export const configureSchema = z.strictObject({
  type: z.literal('configure'),
  /** Comes back in the answer, so that the client can tell which message it belongs to. */
  id: z.union([z.string().max(64), z.number()]).optional(),
  ...liveSettingsSchema.shape,
});

/** What the server says on the channel unasked. */
export interface ControlNotice {
  readonly type: 'notice';
  /** Video goes out and the client reports nothing on it, so that it is sent at the least rate. */
  readonly code: 'feedback-missing';
  readonly detail: string;
}

/** The answer: the settings as they are from now on, or what is wrong with the message. */
export type ControlReply =
  | ({ type: 'configured'; id?: string | number } & CurrentSettings)
  | { type: 'error'; id?: string | number; code: string; detail: string };

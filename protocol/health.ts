import { z } from 'zod';
import { peerLoadSchema, registrationSchema } from './peers.ts';

/** Answer to `GET /healthz`. */
export const healthSchema = z.object({
  status: z.literal('ok'),
  version: z.string(),
  /** Seconds. */
  uptime: z.int().min(0),
  /** What the media peers say of themselves. */
  peers: z.array(
    z.object({
      peerId: z.string(),
      ...registrationSchema.pick({ maxSessions: true, codec: true }).partial().shape,
      ...peerLoadSchema.shape,
    }),
  ),
});
export type Health = z.infer<typeof healthSchema>;

/** Answer to `GET /readyz` where a call with the default model would be taken now. */
export const readySchema = z.object({ status: z.literal('ready') });

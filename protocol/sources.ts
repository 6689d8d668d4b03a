import { z } from 'zod';
import { SightlineError } from './errors.ts';
import { faultsIn } from './faults.ts';
import { liveSettingsSchema } from './session.ts';

/** Body of `POST /sources`: what is to be read, and session settings beside it. */
export const sourceRequestSchema = z.strictObject({
  /** `rtsp:`, `rtsps:`, `rtmp:`, `rtmps:`, `http:`, `https:`, or the name of a file below the operator's folder. */
  url: z.string().min(1).max(2048),
  /**
   * Of a film: at the speed at which it was taken, or as fast as its pictures are looked at, each of them. Live sources
   * set their own pace. `realtime` when left out.
   */
  pace: z.enum(['realtime', 'fast']).optional(),
  /** Whether a film begins anew at its end. It does not when left out, and its session ends with it. */
  loop: z.boolean().optional(),
  ...liveSettingsSchema.shape,
});
export type SourceRequest = z.infer<typeof sourceRequestSchema>;

/** @throws SightlineError `source-invalid`, which names each field that is wrong */
export function parseSourceRequest(body: unknown): SourceRequest {
  const parsed = sourceRequestSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new SightlineError(
    'source-invalid',
    `Cannot use the body as a source: ${faultsIn(parsed.error, 'body')}`,
  );
}

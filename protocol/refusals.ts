import { z } from 'zod';

/** What a media peer refuses to take in from the network, by what is wrong with it; `docs/refusals.md` explains each. */
export const refusals = [
  'datagram-unknown',
  'stun-malformed',
  'stun-unauthenticated',
  'addresses-exhausted',
  'dtls-malformed',
  'dtls-unexpected',
  'rtp-malformed',
  'rtcp-malformed',
  'srtp-failed',
  'ssrc-collision',
  'sctp-malformed',
  'channels-exhausted',
  'control-flooded',
] as const;

export type Refusal = (typeof refusals)[number];

/** How often each happened since the session began; what never happened is left out. */
export const refusalCountsSchema = z.partialRecord(z.enum(refusals), z.int().positive());
export type RefusalCounts = z.infer<typeof refusalCountsSchema>;

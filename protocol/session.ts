import { z } from 'zod';
import { diagnosisSchema } from './ice.ts';
import { refusalCountsSchema } from './refusals.ts';

/**
 * What goes back: the annotated picture; the camera's own picture, with results beside it to be drawn by the client; or
 * results alone.
 */
const outputSchema = z.enum(['annotated', 'passthrough', 'data']);
export type Output = z.infer<typeof outputSchema>;

const thresholdSchema = z.number().min(0.01).max(1);

/** What a client may choose for its session, beside the offer. */
const sessionSettingsSchema = z.object({
  /** Catalogue id of the model; the default detector of the server when left out. */
  model: z.string().min(1).max(64).optional(),
  /** Objects below this score are neither drawn nor reported; the default of the model when left out. */
  threshold: thresholdSchema.optional(),
  /** `annotated` when left out. */
  output: outputSchema.optional(),
});

/** Body of `POST /offer`: an RTCSessionDescription of type offer, and session settings beside it. */
export const offerSchema = sessionSettingsSchema.extend({
  type: z.literal('offer'),
  sdp: z.string().min(1),
});
export type Offer = z.infer<typeof offerSchema>;

/** Body of the answer to `POST /offer`. */
export const answerSchema = z.object({
  type: z.literal('answer'),
  sdp: z.string().min(1),
  sessionId: z.string().min(1),
  /** Names the ICE session, as the ETag of the answer does; what `PATCH /sessions/:id` takes in If-Match. */
  iceSession: z.string().min(1).optional(),
});
export type Answer = z.infer<typeof answerSchema>;

/** What may be changed while a call runs; what is left out stays as it is. */
export const liveSettingsSchema = z.object({
  threshold: thresholdSchema.optional(),
  output: outputSchema.optional(),
});
export type LiveSettings = z.infer<typeof liveSettingsSchema>;

/** The live settings of a session as they are. */
export interface CurrentSettings {
  readonly threshold: number;
  readonly output: Output;
}

/** Milliseconds: the median and the 95th percentile of the newest samples (at most some hundred). */
const spreadSchema = z.object({ p50: z.number(), p95: z.number(), count: z.int() });
export type Spread = z.infer<typeof spreadSchema>;

const trackStatsSchema = z.object({
  mid: z.string(),
  codec: z.string(),
  width: z.int(),
  height: z.int(),
  packetsIn: z.int(),
  packetsLost: z.int(),
  /** Packets of the negotiated codec that no frame could be made of. */
  packetsMalformed: z.int(),
  framesIn: z.int(),
  framesDecoded: z.int(),
  /** Frames that arrived whole and were never sent, because something newer was there. */
  framesSkipped: z.int(),
  framesOut: z.int(),
  keyFramesOut: z.int(),
  keyFramesAsked: z.int(),
  results: z.int(),
  /** Results that were not sent because the data channel was full. */
  resultsDropped: z.int(),
  /** Last packet of a frame in → first packet out, and the steps between. */
  timings: z.record(z.string(), spreadSchema),
});
export type TrackStats = z.infer<typeof trackStatsSchema>;

/** Answer to `GET /sessions/:id`. */
export const sessionDescriptionSchema = z.object({
  sessionId: z.string(),
  state: z.enum(['connecting', 'connected', 'disconnected', 'closed']),
  /** Milliseconds since the Unix epoch. */
  createdAt: z.number(),
  model: z.string(),
  task: z.string(),
  threshold: z.number(),
  output: outputSchema,
  /** Packets that belong to no media section or are of a payload type that was not negotiated. */
  packetsUnroutable: z.int(),
  /** What came from the network and was refused, by what was wrong with it. */
  packetsRefused: refusalCountsSchema,
  /** Whether video goes out and the client has reported nothing on it for five seconds. */
  feedbackMissing: z.boolean(),
  tracks: z.array(trackStatsSchema),
  /** Where the state is `closed`: why; such a session is told of for some minutes when its path failed. */
  closeReason: z.string().optional(),
  /** Why the path did not come up or was lost, the most telling cause first. */
  diagnosis: z.array(diagnosisSchema).optional(),
});
export type SessionDescription = z.infer<typeof sessionDescriptionSchema>;

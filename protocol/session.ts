import { z } from 'zod';
import { diagnosisSchema } from './ice.ts';
import { refusalCountsSchema } from './refusals.ts';
import { effectsSchema, syncSchema, taskListSchema, taskSchema, taskSettingsSchema } from './tasks.ts';

/**
 * What goes back: the annotated picture; the camera's own picture, with results beside it to be drawn by the client; or
 * results alone.
 */
const outputSchema = z.enum(['annotated', 'passthrough', 'data']);
export type Output = z.infer<typeof outputSchema>;

/** What may be chosen for a session, at its beginning and while it runs; what is left out stays as it is. */
export const liveSettingsSchema = z.object({
  /** Of a session with one task: the same as `tasks` with one entry. The server's default detector when left out. */
  ...taskSettingsSchema.shape,
  /** What is looked for, in the order in which it is drawn. */
  tasks: taskListSchema.optional(),
  /** `annotated` when left out. */
  output: outputSchema.optional(),
  /** `live` when left out. */
  sync: syncSchema.optional(),
  /** None when left out. */
  effects: effectsSchema.optional(),
  /** Polygons and lines that are watched; `parseZones()` reads them. None when left out. */
  zones: z.unknown().optional(),
});
export type LiveSettings = z.infer<typeof liveSettingsSchema>;

/** Body of `PATCH /sessions/:id`: a change that names anything else is refused. */
export const settingsChangeSchema = z.strictObject(liveSettingsSchema.shape);

/** Body of `POST /offer`: an RTCSessionDescription of type offer, and session settings beside it. */
export const offerSchema = liveSettingsSchema.extend({
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

const currentTaskSchema = taskSettingsSchema.required({ task: true, model: true, threshold: true });
export type CurrentTask = z.infer<typeof currentTaskSchema>;

/** The settings of a session as they are. */
export const currentSettingsSchema = z.object({
  /** Of the first task. */
  task: taskSchema,
  model: z.string(),
  threshold: z.number(),
  tasks: z.array(currentTaskSchema),
  output: outputSchema,
  sync: syncSchema,
  effects: effectsSchema,
  zones: z.array(z.unknown()),
});
export type CurrentSettings = z.infer<typeof currentSettingsSchema>;

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

const viewerStatsSchema = z.object({
  mid: z.string(),
  output: z.enum(['annotated', 'passthrough']),
  codec: z.string(),
  state: z.enum(['connecting', 'connected', 'disconnected', 'closed']),
  framesOut: z.int(),
  /** Whole frames that were left out, because it did not keep up or had no key frame yet. */
  framesSkipped: z.int(),
  keyFramesOut: z.int(),
});
export type ViewerStats = z.infer<typeof viewerStatsSchema>;

/** Who watches a session, and what is made for them: each encoding once, however many watch it. */
const watchingSchema = z.object({
  encodings: z.array(
    z.object({
      mid: z.string(),
      output: z.enum(['annotated', 'passthrough']),
      codec: z.string(),
      viewers: z.int(),
      /** Of the coded picture, in pixels; 0 where that is not known. */
      width: z.int(),
      height: z.int(),
      frames: z.int(),
      keyFrames: z.int(),
    }),
  ),
  viewers: z.array(viewerStatsSchema),
});
export type Watching = z.infer<typeof watchingSchema>;

/** Answer to `GET /sessions/:id`. */
export const sessionDescriptionSchema = z.object({
  sessionId: z.string(),
  /** How its pictures come in: in a call, read from a source, or sent over a WebSocket. */
  via: z.enum(['webrtc', 'source', 'websocket']),
  state: z.enum(['connecting', 'connected', 'disconnected', 'closed']),
  /** Milliseconds since the Unix epoch. */
  createdAt: z.number(),
  ...currentSettingsSchema.shape,
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
  /** Where it is watched over WHEP, or was. */
  watching: watchingSchema.optional(),
});
export type SessionDescription = z.infer<typeof sessionDescriptionSchema>;

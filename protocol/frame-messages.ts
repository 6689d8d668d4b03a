import { z } from 'zod';
import { controlNoticeSchema } from './control.ts';
import { detectionsSchema } from './detections.ts';
import { isErrorCode } from './errors.ts';
import { currentSettingsSchema, settingsChangeSchema } from './session.ts';

/**
 * The text messages of `/ws/frames`, each a JSON object. Binary ones are frames (`protocol/frames.ts`).
 */
const sequenceSchema = z.int().min(0).max(0xffff_ffff);
const countSchema = z.int().min(0);

/** Frames that may be under way without an acknowledgement, each way. */
export const FRAME_CREDITS = 2;

/** How pictures are shown to one who reads JPEGs. */
export const jpegWishSchema = z.object({
  /** On the scale of libjpeg. */
  quality: z.int().min(1).max(100).default(80),
  /** Pixels; that of the picture where it is narrower, or when left out. */
  width: z.int().min(16).max(7680).optional(),
  /** Frames a second at most; as many as come when left out. */
  fps: z.number().min(0.1).max(60).optional(),
  /** With what is found drawn in; or as it came, which is refused while anything is to be hidden. */
  picture: z.enum(['annotated', 'original']).default('annotated'),
});
export type JpegWish = z.infer<typeof jpegWishSchema>;

/** client → server: changes settings of the session; what is left out stays. Answered by `configured` or `error`. */
export const frameConfigureSchema = settingsChangeSchema.extend({
  type: z.literal('configure'),
  /** Comes back with the answer. */
  id: z.union([z.string().max(64), z.number()]).optional(),
  /** Whether frames come back. */
  annotated: z.boolean().optional(),
});
export type FrameConfigure = z.infer<typeof frameConfigureSchema>;

/** Both ways: this frame, and all that were sent before it, are done with. */
export const frameAckSchema = z.object({
  type: z.literal('ack'),
  frame: sequenceSchema,
  /** Of the server: how many of them were never looked at, because a newer one came, since the session began. */
  dropped: countSchema.optional(),
});

export const fromClientSchema = z.discriminatedUnion('type', [frameConfigureSchema, frameAckSchema]);

/** server → client, first of all. */
export const frameSessionSchema = z.object({
  type: z.literal('session'),
  v: z.literal(1),
  sessionId: z.string(),
  /** Whether this connection sends the frames of the session, or watches it. */
  role: z.enum(['sender', 'watcher']),
  /** Frames that may be sent before one is acknowledged. */
  credits: z.int().min(0),
  /** Bytes of one message at most. */
  maxMessageBytes: z.int(),
});

/** server → client: what was found in one frame. */
export const frameDetectionsSchema = detectionsSchema.extend({
  /** Number that the sender gave the frame; left out for one who watches, where the RTP timestamp names it. */
  frame: sequenceSchema.optional(),
});

/** server → client: all settings as they are from now on. */
export const frameConfiguredSchema = z.object({
  type: z.literal('configured'),
  id: frameConfigureSchema.shape.id,
  ...currentSettingsSchema.shape,
  annotated: z.boolean(),
});

/** server → client, once a second: totals since the connection was opened. */
export const frameStatsSchema = z.object({
  type: z.literal('stats'),
  in: z.object({
    frames: countSchema,
    /** Those that a newer one replaced. */
    dropped: countSchema,
    refused: countSchema,
    bytes: countSchema,
  }),
  out: z.object({
    frames: countSchema,
    /** Those that a newer one replaced, because this client had not acknowledged the ones before. */
    dropped: countSchema,
    bytes: countSchema,
    results: countSchema,
    resultsDropped: countSchema,
  }),
});

/** server → client: something was refused; the connection stays. */
export const frameErrorSchema = z.object({
  type: z.literal('error'),
  code: z.string().refine(isErrorCode, 'Unknown error code'),
  detail: z.string(),
  /** Of the frame that it is about, which counts as acknowledged. */
  frame: sequenceSchema.optional(),
  /** Of the `configure` that it answers. */
  id: frameConfigureSchema.shape.id,
});
export type FrameError = z.infer<typeof frameErrorSchema>;

/** server → client. */
export const fromServerSchema = z.discriminatedUnion('type', [
  frameSessionSchema,
  frameDetectionsSchema,
  frameAckSchema,
  frameConfiguredSchema,
  frameStatsSchema,
  frameErrorSchema,
  // Said unasked, as on the `control` channel of a call
  controlNoticeSchema,
]);
export type FromServer = z.infer<typeof fromServerSchema>;

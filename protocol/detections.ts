import { z } from 'zod';

/** A rectangle in fractions of the frame, origin top left. It may reach over the edges of the frame. */
const boxSchema = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
export type Box = z.infer<typeof boxSchema>;

/** One thing that a model found in a frame. */
export const detectedObjectSchema = z.object({
  label: z.string(),
  /** Index of the label in the model's own list. */
  classId: z.int().min(0),
  /** 0 to 1. */
  score: z.number().min(0).max(1),
  box: boxSchema,
});
export type DetectedObject = z.infer<typeof detectedObjectSchema>;

/** Milliseconds that each step of one frame took. Steps that a frame did not go through are left out. */
const timingsSchema = z.object({
  /** Last packet of the frame in → decoded. */
  decode: z.number().optional(),
  /** Decoded → a worker took it. */
  wait: z.number().optional(),
  /** Scale, tensor, model and output decoding together. */
  infer: z.number().optional(),
  /** Drawn → encoded. */
  encode: z.number().optional(),
  /** Last packet of the frame in → this result. */
  total: z.number(),
});
export type Timings = z.infer<typeof timingsSchema>;

/** A message on the `detections` data channel: what was found in one frame. */
export const detectionsSchema = z.object({
  type: z.literal('detections'),
  v: z.literal(1),
  sessionId: z.string(),
  /** The media section of the track that the frame belongs to. */
  mid: z.string(),
  /** Counts the results of this track from 0. A gap means that results were dropped. */
  seq: z.int().min(0),
  /** RTP timestamp (90 kHz) of the frame in the outgoing video, the one that requestVideoFrameCallback shows. */
  rtpTimestamp: z.int().min(0).max(0xffff_ffff),
  /** When the frame was captured by the sender's clock where it says so, else when it arrived; Unix milliseconds. */
  captureTime: z.number(),
  width: z.int().positive(),
  height: z.int().positive(),
  task: z.string(),
  model: z.string(),
  objects: z.array(detectedObjectSchema),
  timings: timingsSchema,
});
export type Detections = z.infer<typeof detectionsSchema>;

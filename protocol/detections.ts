import { z } from 'zod';
import { eventSchema } from './events.ts';

/** A rectangle in fractions of the frame, origin top left. It may reach over the edges of the frame. */
const boxSchema = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
export type Box = z.infer<typeof boxSchema>;

/** A point of an object in fractions of the frame. It may lie over the edges of the frame. */
const keypointSchema = z.object({
  x: z.number(),
  y: z.number(),
  /** 0 to 1; left out where the model does not say. */
  score: z.number().min(0).max(1).optional(),
});
export type Keypoint = z.infer<typeof keypointSchema>;

/** One thing that a model found in a frame. */
export const detectedObjectSchema = z.object({
  label: z.string(),
  /** Index of the label in the model's own list. */
  classId: z.int().min(0),
  /** 0 to 1. */
  score: z.number().min(0).max(1),
  box: boxSchema,
  /** The same for the same thing in the results of one task and track; left out before it is sure. */
  trackId: z.int().positive().optional(),
  /** In the order of the model's skeleton: pose 17 (COCO), hands 21, face-mesh 468. */
  keypoints: z.array(keypointSchema).optional(),
  /** What is written there. */
  text: z.string().optional(),
  /** Features, of unit length. */
  embedding: z.array(z.number()).optional(),
});
export type DetectedObject = z.infer<typeof detectedObjectSchema>;

/** Where a thing is, pixel by pixel, over the whole frame at the resolution of the model. */
export const maskSchema = z.object({
  width: z.int().positive(),
  height: z.int().positive(),
  /** Lengths of runs, row by row from the top left: first of what is not covered, then of what is, in turns. */
  runs: z.array(z.int().min(0)),
});
export type MaskRuns = z.infer<typeof maskSchema>;

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
  /** Of the task `segment`. */
  mask: maskSchema.optional(),
  /** What has happened by this frame; left out where nothing has. */
  events: z.array(eventSchema).optional(),
  timings: timingsSchema,
});
export type Detections = z.infer<typeof detectionsSchema>;

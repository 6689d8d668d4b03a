import { z } from 'zod';
import { errorCodes } from './errors.ts';

/** Files that a recording consists of, beside its parts `000.mp4`, `001.mp4` and so on. */
export const RESULTS_FILE = 'results.jsonl';
export const MANIFEST_FILE = 'recording.json';

const WEEK_SECONDS = 7 * 24 * 3600;
/** Fragments are as long: what is shorter could not be kept to. */
const MIN_SECONDS = 2;
const MIN_BYTES = 100_000;

/** `annotated`: as everybody else sees it. `original`: as the camera sent it. */
const pictureSchema = z.enum(['annotated', 'original']);

/** Body of `POST /sessions/:id/recordings`. */
export const recordingRequestSchema = z.strictObject({
  picture: pictureSchema.default('annotated'),
  /** Whether what is found is written beside the picture. */
  results: z.boolean().default(true),
  /** Media section of the camera; the first when left out. */
  mid: z.string().max(64).optional(),
  /** Ends the recording once it is so long. */
  maxSeconds: z.number().min(MIN_SECONDS).max(WEEK_SECONDS).optional(),
  /** Ends it once its files are so large; they may be larger by a fragment of two seconds. */
  maxBytes: z.int().min(MIN_BYTES).optional(),
  /** Begins a new part each time. */
  rotateSeconds: z.number().min(MIN_SECONDS).max(WEEK_SECONDS).optional(),
});
export type RecordingRequest = z.infer<typeof recordingRequestSchema>;

/** One file of pictures and sound (H.264, fragmented MP4), with times of its own from 0. */
const recordingPartSchema = z.object({
  /** `000.mp4`. */
  file: z.string(),
  /** Its 0 on the clock of the recording. */
  startSeconds: z.number(),
  durationSeconds: z.number(),
  width: z.int(),
  height: z.int(),
  frames: z.int(),
  bytes: z.int(),
});
export type RecordingPart = z.infer<typeof recordingPartSchema>;

const endSchema = z.enum([
  // Asked for
  'stopped',
  'max-seconds',
  'max-bytes',
  // Of the session, or the media peer
  'session-closed',
  // Effects were chosen, and the picture as it came was recorded
  'effects',
  // No room is left beside other recordings that run
  'quota',
  'failed',
  // The media peer died
  'interrupted',
]);
export type RecordingEnd = z.infer<typeof endSchema>;

/** A recording: what `recording.json` beside its files says, and the routes answer. */
export const recordingSchema = z.object({
  id: z.string(),
  sessionId: z.string(),
  mid: z.string(),
  picture: pictureSchema,
  results: z.boolean(),
  state: z.enum(['recording', 'finished', 'failed', 'interrupted']),
  /** Why it is not recorded any more. */
  end: endSchema.optional(),
  failure: z.object({ code: z.enum(Object.keys(errorCodes)), detail: z.string() }).optional(),
  /** Milliseconds since the Unix epoch. */
  createdAt: z.number(),
  /** Second 0: `captureTime` of the first frame, as results have it; left out before there is one. */
  startTime: z.number().optional(),
  /** Time of the last frame and what it is shown for. */
  durationSeconds: z.number(),
  /** Of all files. */
  bytes: z.int(),
  parts: z.array(recordingPartSchema),
  /** Frames that were left out because encoding or the disk did not keep up, or that could not be hidden. */
  framesDropped: z.int(),
  /** Whether sound is in it. */
  sound: z.boolean(),
  /** Packets of sound that came too late, or from before the picture. */
  soundDropped: z.int(),
  resultLines: z.int(),
  /** Results that were left out because the disk did not keep up. */
  resultsDropped: z.int(),
});
export type Recording = z.infer<typeof recordingSchema>;

/** Answer to `GET /recordings`, the newest first. */
export const recordingListSchema = z.object({ recordings: z.array(recordingSchema) });
export type RecordingList = z.infer<typeof recordingListSchema>;

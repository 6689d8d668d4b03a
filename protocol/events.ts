import { z } from 'zod';

const totalSchema = z.int().min(0);

/** Totals of a polygon by label: visits begun, visits ended, and those that go on. */
const zoneCountsSchema = z.record(
  z.string(),
  z.object({ entered: totalSchema, left: totalSchema, inside: totalSchema }),
);
export type ZoneCounts = z.infer<typeof zoneCountsSchema>;

/** Totals of a line by label. */
const lineCountsSchema = z.record(z.string(), z.object({ forward: totalSchema, backward: totalSchema }));
export type LineCounts = z.infer<typeof lineCountsSchema>;

const stamp = {
  /** Both are left out within a result, which names them. */
  sessionId: z.string().optional(),
  mid: z.string().optional(),
  /** Of the frame that made it certain, as in its result. */
  rtpTimestamp: z.int().min(0).max(0xffff_ffff),
  /** The `captureTime` of that frame; Unix milliseconds. */
  time: z.number(),
};

const common = {
  type: z.literal('event'),
  v: z.literal(1),
  ...stamp,
  trackId: z.int().positive(),
  label: z.string(),
};

const ofPolygon = { ...common, zoneId: z.string(), counts: zoneCountsSchema };
/** Milliseconds since it was first seen inside; of a `leave`, until it was first seen outside or last seen at all. */
const dwellMs = z.number().min(0);
/** The person's own hand: in a picture that is not mirrored, the left hand of who faces the camera is on the right. */
const hand = z.enum(['left', 'right']);
export type Hand = z.infer<typeof hand>;

/** Something that happened in front of the camera; with the results of its frame, or by itself. */
export const eventSchema = z.discriminatedUnion('kind', [
  z.object({ ...ofPolygon, kind: z.literal('enter') }),
  z.object({ ...ofPolygon, kind: z.literal('leave'), dwellMs }),
  /** Once a visit, when it has lasted for `dwellSeconds`. */
  z.object({ ...ofPolygon, kind: z.literal('dwell'), dwellMs }),
  z.object({
    ...common,
    kind: z.literal('cross'),
    zoneId: z.string(),
    /** `forward` from the left to the right of who looks from `from` to `to` in the picture. */
    direction: z.enum(['forward', 'backward']),
    counts: lineCountsSchema,
  }),
  z.object({ ...common, kind: z.literal('raised-hand'), hand }),
  z.object({ ...common, kind: z.literal('waving'), hand }),
]);
export type SceneEvent = z.infer<typeof eventSchema>;

/** What an event has of the frame that it was seen in. */
export type EventStamp = z.infer<z.ZodObject<typeof stamp>>;

type Unstamped<Event> = Event extends unknown ? Omit<Event, 'type' | 'v' | keyof EventStamp> : never;
/** An event that does not know yet which frame of which session it was seen in. */
export type Occurrence = Unstamped<SceneEvent>;

/** Makes an event of what occurred in a frame. */
export function stampEvent(occurrence: Occurrence, stamp: EventStamp): SceneEvent {
  return { type: 'event', v: 1, ...stamp, ...occurrence };
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GestureWatch } from '../../../../peer/vision/events/gesture-watch.ts';
import type { DetectedObject, Keypoint } from '../../../../protocol/detections.ts';
import { eventSchema, stampEvent } from '../../../../protocol/events.ts';

const WIDE = 16 / 9;

/** Where the wrist of the own left hand is from the left shoulder, in widths of the shoulders; y grows downwards. */
interface Figure {
  readonly x?: number;
  readonly y?: number;
  /** Sits before the camera: no hips. */
  readonly bust?: boolean;
  readonly eyes?: boolean;
  readonly score?: number;
  /** In heights of the frame. */
  readonly size?: number;
  /** Where the middle between the shoulders is. */
  readonly at?: number;
  readonly trackId?: number;
  /** Of the frame, width by height. */
  readonly aspect?: number;
  /** How far the elbow is below the shoulder; halfway to the wrist when left out. */
  readonly elbow?: number;
}

/** Somebody who faces the camera, with the left hand as told and the right hand hanging down. */
function person(figure: Figure = {}): DetectedObject {
  const {
    x = 0.3,
    y = 1.2,
    bust = false,
    eyes = true,
    score = 0.9,
    size = 0.15,
    at = 0.5,
    trackId = 1,
    aspect = WIDE,
    elbow = y < 0 ? -0.1 : y / 2,
  } = figure;
  const place = (dx: number, dy: number, sure = 0.9): Keypoint => ({
    x: at + (dx * size) / aspect,
    y: 0.5 + dy * size,
    score: sure,
  });
  const face = eyes ? 0.9 : 0.1;
  const hips = bust ? 0.1 : 0.9;
  const keypoints = [
    place(0, -0.45, face),
    ...[0.1, -0.1].map((dx) => place(dx, -0.55, face)),
    ...[0.2, -0.2].map((dx) => place(dx, -0.5, face)),
    ...[0.5, -0.5].map((dx) => place(dx, 0)),
    place(0.5 + x / 2 + 0.2, elbow),
    place(-0.7, 0.6),
    place(0.5 + x, y, score),
    place(-0.8, 1.2),
    ...[0.4, -0.4].map((dx) => place(dx, 1.4, hips)),
    ...[0.4, -0.4, 0.4, -0.4].map((dx, i) => place(dx, 2 + i / 4, hips)),
  ];
  const box = { x: at - 0.1, y: 0.3, width: 0.2, height: 0.5 };
  return { label: 'person', classId: 0, score: 0.9, box, trackId, keypoints };
}

const raised = { x: 0.2, y: -1 };

/** Shows somebody in [0, seconds], so many times a second, and gives "kind hand second" of what occurred. */
function watch(
  seconds: number,
  figureAt: (time: number) => Figure,
  { rate = 10, gestures = new GestureWatch() } = {},
): string[] {
  return Array.from({ length: Math.round(seconds * rate) + 1 }, (_, turn) => turn / rate).flatMap((time) =>
    gestures
      .update([person(figureAt(time))], time, figureAt(time).aspect ?? WIDE)
      .map((event) => `${event.kind} ${'hand' in event ? event.hand : ''} ${time}`),
  );
}

/** To and fro so many times a second, by so many widths of the shoulders either way. */
const swing = (time: number, hertz: number, reach = 0.4) => reach * Math.sin(2 * Math.PI * hertz * time);

describe('GestureWatch and raised hands', () => {
  it.each([
    { rate: 30, at: 1.5 },
    { rate: 10, at: 1.5 },
    { rate: 4, at: 1.5 },
    { rate: 1, at: 2 },
  ])('tells at $rate results a second of a hand that is up from 1 s on at $at s', ({ rate, at }) => {
    expect(watch(6, (time) => (time < 1 ? {} : raised), { rate })).toEqual([`raised-hand left ${at}`]);
  });

  it.each<[string, Figure]>([
    ['of who sits before the camera', { bust: true }],
    ['of who is far away', { size: 0.03 }],
    ['where the eyes are not seen', { eyes: false }],
  ])('tells of it %s', (_, figure) => {
    expect(watch(2, () => ({ ...raised, ...figure }))).toEqual(['raised-hand left 0.5']);
  });

  it.each<[string, (time: number) => Figure]>([
    ['a hand that hangs down', () => ({})],
    ['a hand at the shoulder', () => ({ x: 0.1, y: -0.1 })],
    ['a hand at the chin', () => ({ x: -0.4, y: -0.4 })],
    ['a hand that is up for 0.4 s', (time) => (time > 1 && time < 1.45 ? raised : {})],
    ['a wrist that is a guess', () => ({ ...raised, score: 0.29 })],
    ['a hand behind the head', () => ({ x: -0.4, y: -0.9, elbow: -1 })],
    ['who is too small', () => ({ ...raised, size: 0.01 })],
  ])('tells nothing of %s', (_, figureAt) => {
    expect(watch(4, figureAt)).toEqual([]);
  });

  it('tells again only when the hand was down for half a second', () => {
    const down = (from: number, to: number) => (time: number) => (time >= from && time < to ? {} : raised);
    expect(watch(6, down(2, 2.4))).toEqual(['raised-hand left 0.5']);
    expect(watch(6, down(2, 3))).toEqual(['raised-hand left 0.5', 'raised-hand left 3.5']);
  });

  it('tells again of who comes back under the same id after 2 s', () => {
    const gestures = new GestureWatch();
    const times = [0, 0.5, 3, 3.5, 4];
    const told = times.map((time) => gestures.update([person(raised)], time, WIDE).length);
    expect(told).toEqual([0, 1, 0, 1, 0]);
  });

  it('does not tell of a hand at the height of the eyes again and again', () => {
    const events = watch(30, (time) => ({ x: 0.2, y: -0.69 + 0.1 * Math.sin(time * 2) }));
    expect(events).toHaveLength(1);
  });

  it('does not mind a wrist that is not seen for 0.4 s, nor takes two moments for one', () => {
    const hidden = (from: number, to: number) => (time: number) =>
      time > from && time < to ? { ...raised, score: 0 } : time > to + 0.05 ? {} : raised;
    expect(watch(2, hidden(0.15, 0.55))).toEqual(['raised-hand left 0.6']);
    expect(watch(2, hidden(0.15, 1.55))).toEqual([]);
  });

  it('names the other hand where it is the other', () => {
    const gestures = new GestureWatch();
    const mirrored = (time: number) => {
      const one = person(raised);
      const order = [0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15];
      const keypoints = order.map((from) => one.keypoints?.[from] as Keypoint);
      return gestures.update([{ ...one, keypoints }], time, WIDE);
    };
    expect([0, 0.3, 0.6].flatMap(mirrored)).toEqual([
      { kind: 'raised-hand', trackId: 1, label: 'person', hand: 'right' },
    ]);
  });
});

describe('GestureWatch and waving', () => {
  const low = { y: -0.3 };

  it.each([
    { hertz: 1, rate: 10 },
    { hertz: 1.5, rate: 10 },
    { hertz: 2, rate: 15 },
    { hertz: 2.5, rate: 30 },
    { hertz: 1, rate: 5 },
  ])(
    'tells once of a hand that goes to and fro $hertz times a second, at $rate results a second',
    ({ hertz, rate }) => {
      const events = watch(6, (time) => ({ ...low, x: 0.3 + swing(time, hertz) }), { rate });
      expect(events).toEqual([expect.stringMatching(/^waving left [0-2]/)]);
    },
  );

  it('tells of a hand that hardly moves further than it takes', () => {
    const events = watch(3, (time) => ({ ...low, x: 0.3 + swing(time, 1, 0.18) }));
    expect(events).toHaveLength(1);
  });

  it('tells of a hand that is raised and waves both', () => {
    const events = watch(4, (time) => ({ ...raised, x: 0.2 + swing(time, 1.5) }));
    expect(events.map((event) => event.split(' ')[0]).toSorted()).toEqual(['raised-hand', 'waving']);
  });

  it('tells again of one that rested', () => {
    const events = watch(12, (time) => ({ ...low, x: time > 3 && time < 7 ? 0.3 : 0.3 + swing(time, 1.5) }));
    expect(events).toHaveLength(2);
  });

  it('does not mind a wrist that is a guess in each third result', () => {
    const events = watch(3, (time) => ({
      ...low,
      x: 0.3 + swing(time, 1.5),
      score: Math.round(time * 10) % 3 === 0 ? 0.1 : 0.9,
    }));
    expect(events).toHaveLength(1);
  });

  it.each<[string, (time: number) => Figure]>([
    ['arms that swing below the elbow', (time) => ({ x: 0.3 + swing(time, 1.5), y: 1.2 })],
    ['a wrist that trembles', (time) => ({ ...low, x: 0.3 + swing(time, 4, 0.1) })],
    [
      'a wrist that trembles in an upright picture',
      (time) => ({ ...low, x: 0.3 + swing(time, 4, 0.1), aspect: 9 / 16 }),
    ],
    ['a hand that moves over and back once', (time) => ({ ...low, x: 0.3 + swing(Math.min(time, 1), 1) })],
    ['a hand that goes too slowly', (time) => ({ ...low, x: 0.3 + swing(time, 0.25) })],
    ['who sways with a hand held still', (time) => ({ ...low, at: 0.5 + swing(time, 1.5, 0.1) })],
  ])('tells nothing of %s', (_, figureAt) => {
    expect(watch(8, figureAt)).toEqual([]);
  });

  it('keeps people apart by their track', () => {
    const gestures = new GestureWatch();
    const events = Array.from({ length: 31 }, (_, turn) => turn / 10).flatMap((time) =>
      gestures.update(
        [person({ trackId: 1 }), person({ trackId: 2, ...low, x: 0.3 + swing(time, 1.5) })],
        time,
        WIDE,
      ),
    );
    expect(events).toEqual([{ kind: 'waving', trackId: 2, label: 'person', hand: 'left' }]);
  });
});

describe('GestureWatch, whatever it is shown', () => {
  it('gives events as eventSchema has them, and nothing of what is no skeleton of 17 points', () => {
    const keypoint = fc.record({ x: fc.double(), y: fc.double(), score: fc.double() });
    const skeleton = fc.array(keypoint, { minLength: 16, maxLength: 18 });
    fc.assert(
      fc.property(
        fc.array(fc.oneof(skeleton, fc.constant(person(raised).keypoints)), { maxLength: 20 }),
        (shown) => {
          const gestures = new GestureWatch();
          for (const [turn, keypoints] of shown.entries()) {
            const one = { ...person(), keypoints };
            const results = gestures.update([one], turn / 4, WIDE);
            if (keypoints?.length !== 17) expect(results).toEqual([]);
            for (const occurrence of results) {
              const event = stampEvent(occurrence, { rtpTimestamp: 0, time: 0 });
              expect(eventSchema.parse(event)).toEqual(event);
            }
          }
        },
      ),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DetectedObject } from '../../../../protocol/detections.ts';
import { idsOf, Scene, THRESHOLD } from './scene.ts';

const anything = fc.oneof(
  { weight: 20, arbitrary: fc.double({ min: -0.2, max: 1.2, noNaN: true }) },
  { weight: 1, arbitrary: fc.double() },
);
/** A coarse grid, so that things come back to where they were. */
const place = fc.nat(8).map((step) => step / 10);
const size = fc.constantFrom(0.1, 0.15, 0.2);
const object = (x: fc.Arbitrary<number>, side: fc.Arbitrary<number>, score: fc.Arbitrary<number>) =>
  fc.record({
    label: fc.constant('thing'),
    classId: fc.nat(1),
    score,
    box: fc.record({ x, y: x, width: side, height: side }),
  });
const score = fc.double({ min: 0, max: 1, noNaN: true });
const sensible = fc.array(object(place, size, score), { maxLength: 8 });
const wild = fc.array(object(anything, anything, anything), { maxLength: 8 });
const results = (objects: fc.Arbitrary<DetectedObject[]>) =>
  fc.array(fc.tuple(fc.double({ min: 0.02, max: 0.6, noNaN: true }), objects), { maxLength: 20 });

const known = (ids: readonly (number | undefined)[]) => ids.filter((id) => id !== undefined);

describe('Tracker, whatever it is given', () => {
  it('gives no id to two things at once, and none again that was forgotten', () => {
    fc.assert(
      fc.property(results(sensible), (steps) => {
        const scene = new Scene();
        const lastSeen = new Map<number, number>();
        let time = 0;
        for (const [gap, objects] of steps) {
          time += gap;
          const ids = known(idsOf(scene.show(time, objects)));
          expect(new Set(ids).size).toBe(ids.length);
          const drawn = known(idsOf(scene.tracker.at(time)));
          expect(new Set(drawn).size).toBe(drawn.length);
          for (const id of ids) {
            expect(time - (lastSeen.get(id) ?? time)).toBeLessThanOrEqual(2);
            lastSeen.set(id, time);
          }
        }
        expect([...lastSeen.keys()].toSorted((a, b) => a - b)).toEqual(
          [...lastSeen.keys()].map((_, i) => i + 1),
        );
      }),
    );
  });

  it('draws boxes that are numbers and lie on the picture, and nothing unsure that it does not know', () => {
    fc.assert(
      fc.property(
        results(fc.oneof(wild, sensible)),
        fc.double({ min: -0.6, max: 1.2, noNaN: true }),
        (steps, ahead) => {
          const scene = new Scene();
          let time = 0;
          for (const [gap, objects] of steps) {
            time += gap;
            for (const { trackId, score: sureness } of scene.show(time, objects)) {
              expect(trackId !== undefined || sureness >= THRESHOLD).toBe(true);
            }
            for (const { box } of scene.tracker.at(time + ahead)) {
              expect(Math.min(box.width, box.height)).toBeGreaterThan(0);
              expect(Math.min(box.x, box.y)).toBeGreaterThanOrEqual(0);
              expect(Math.max(box.x + box.width, box.y + box.height)).toBeLessThanOrEqual(1 + 1e-12);
            }
          }
        },
      ),
    );
  });

  it('does not mind in which order a model names what it found', () => {
    fc.assert(
      fc.property(results(sensible), fc.infiniteStream(fc.nat()), (steps, random) => {
        const [scene, shuffled] = [new Scene(), new Scene()];
        let time = 0;
        for (const [gap, objects] of steps) {
          time += gap;
          const keyed = objects.map((one) => ({ one, key: random.next().value as number }));
          const mixed = keyed.toSorted((a, b) => a.key - b.key).map(({ one }) => one);
          expect(shuffled.show(time, mixed)).toEqual(scene.show(time, objects));
          expect(shuffled.tracker.at(time + 0.1)).toEqual(scene.tracker.at(time + 0.1));
        }
      }),
    );
  });

  it('is not changed by being asked where things are', () => {
    fc.assert(
      fc.property(results(sensible), fc.array(score), (steps, questions) => {
        const [quiet, asked] = [new Scene(), new Scene()];
        let time = 0;
        for (const [gap, objects] of steps) {
          time += gap;
          for (const question of questions) asked.tracker.at(time + question);
          expect(asked.show(time, objects)).toEqual(quiet.show(time, objects));
        }
      }),
    );
  });
});

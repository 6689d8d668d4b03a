import { describe, expect, it } from 'vitest';
import { distinct, inPicture, together } from '../../../../peer/vision/stages/closer-look.ts';
import { detectedObjectSchema } from '../../../../protocol/detections.ts';

const box = { x: 10, y: 20, width: 30, height: 40 };
const picture = { width: 200, height: 100 };
const geometry = { scaledWidth: 10, scaledHeight: 10, scaleX: 1, scaleY: 1 };
const region = { centreX: 100, centreY: 50, width: 100, height: 50, angle: 0 };
const look = {
  first: { box, classId: 0, score: 0.75 },
  second: { box, classId: 1, score: 0.5 },
  region,
  geometry,
  classId: 1,
  labels: ['left hand', 'right hand'],
};

describe('inPicture()', () => {
  it('inPicture() undoes the scale of the first input, for box and keypoints', () => {
    const candidate = { box, classId: 0, score: 1, keypoints: [{ x: 5, y: 6, score: 0.5 }] };
    expect(inPicture(candidate, { ...geometry, scaleX: 0.5, scaleY: 0.25 })).toEqual({
      box: { x: 20, y: 80, width: 60, height: 160 },
      classId: 0,
      score: 1,
      keypoints: [{ x: 10, y: 24, score: 0.5 }],
    });
  });
});

describe('together()', () => {
  it('together() boxes the keypoints of the second, in fractions of the frame', () => {
    const keypoints = [
      { x: 0, y: 0 },
      { x: 10, y: 5 },
    ];
    const object = together({ ...look, second: { ...look.second, keypoints } }, picture);
    expect(object).toEqual({
      label: 'right hand',
      classId: 1,
      score: 0.5,
      box: { x: 0.25, y: 0.25, width: 0.5, height: 0.25 },
      keypoints: [
        { x: 0.25, y: 0.25 },
        { x: 0.75, y: 0.5 },
      ],
    });
    expect(detectedObjectSchema.parse(object)).toEqual(object);
  });

  it('together() keeps the box of the first where the second has no keypoints', () => {
    const object = together({ ...look, second: { ...look.second, text: 'Exit' } }, picture);
    expect(object).toMatchObject({
      text: 'Exit',
      box: { x: 0.05, y: 0.2, width: expect.closeTo(0.15, 9), height: expect.closeTo(0.4, 9) },
    });
  });

  it('together() gives nothing that lies beyond the frame', () => {
    const first = { ...look.first, box: { ...box, x: 300 } };
    expect(together({ ...look, first }, picture)).toBeUndefined();
  });
});

describe('distinct()', () => {
  const object = (x: number, score: number, keypoints = [{ x: 0, y: 0 }]) => ({
    label: 'hand',
    classId: 0,
    score,
    box: { x, y: 0, width: 0.4, height: 0.4 },
    keypoints,
  });

  it('distinct() keeps the surer of two that keypoints show to be one, and sorts', () => {
    const scores = distinct([object(0, 0.5), object(0.02, 0.9), object(0.5, 0.95)]).map(({ score }) => score);
    expect(scores).toEqual([0.95, 0.9]);
  });

  it('distinct() keeps all that have no keypoints: the first model has told them apart', () => {
    const without = ({ keypoints: _, ...rest }: ReturnType<typeof object>) => rest;
    expect(distinct([without(object(0, 0.5)), without(object(0.02, 0.9))])).toHaveLength(2);
  });
});

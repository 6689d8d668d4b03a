import { describe, expect, it } from 'vitest';
import { letterbox } from '../../../peer/vision/letterbox.ts';
import { toObjects } from '../../../peer/vision/to-objects.ts';
import { detectedObjectSchema } from '../../../protocol/detections.ts';

const geometry = letterbox({ width: 640, height: 480 }, { width: 416, height: 416 }, 'letterbox');
const box = { x: 104, y: 78, width: 208, height: 156 };

describe('toObjects()', () => {
  it('toObjects() gives fractions of the frame and the label by name, by falling score', () => {
    const objects = toObjects(
      [
        { box, classId: 1, score: 0.5 },
        { box, classId: 0, score: 0.9 },
      ],
      ['person', 'bicycle'],
      geometry,
    );
    expect(objects).toEqual([
      { label: 'person', classId: 0, score: 0.9, box: { x: 0.25, y: 0.25, width: 0.5, height: 0.5 } },
      { label: 'bicycle', classId: 1, score: 0.5, box: { x: 0.25, y: 0.25, width: 0.5, height: 0.5 } },
    ]);
  });

  it('toObjects() gives keypoints in fractions of the frame, even those beyond its edge', () => {
    const keypoints = [
      { x: 104, y: 78, score: 0.5 },
      { x: -41.6, y: 343.2 },
    ];
    const [object] = toObjects([{ box, classId: 0, score: 0.9, keypoints }], ['person'], geometry);
    expect(object?.keypoints).toEqual([
      { x: 0.25, y: 0.25, score: 0.5 },
      { x: -0.1, y: expect.closeTo(1.1, 9) },
    ]);
    expect(detectedObjectSchema.parse(object)).toEqual(object);
  });

  it('toObjects() leaves out what lies in the padding', () => {
    const padding = { x: 0, y: 350, width: 50, height: 50 };
    expect(toObjects([{ box: padding, classId: 0, score: 0.9 }], ['person'], geometry)).toEqual([]);
  });

  it('toObjects() gives what the schema accepts, even for a score past 1 and a class without a label', () => {
    const [object] = toObjects([{ box, classId: 7, score: 1.0001 }], ['person'], geometry);
    expect(detectedObjectSchema.parse(object)).toMatchObject({ label: 'class 7', score: 1 });
  });
});

import { describe, expect, it } from 'vitest';
import { cropMask, maskObject } from '../../../../peer/vision/stages/mask-object.ts';

describe('maskObject()', () => {
  it('maskObject() boxes what is covered by half or more; its score is the mean of that', () => {
    const data = Uint8Array.of(0, 127, 0, 0, 0, 255, 204, 0, 0, 0, 153, 0);
    expect(maskObject({ width: 4, height: 3, data }, 'person')).toEqual({
      label: 'person',
      classId: 0,
      score: expect.closeTo(0.8, 9),
      box: { x: 0.25, y: 1 / 3, width: 0.5, height: 2 / 3 },
    });
  });

  it('maskObject() finds nothing in an empty mask, nor in a speck', () => {
    const empty = { width: 100, height: 100, data: new Uint8Array(10_000) };
    expect(maskObject(empty, 'person')).toBeUndefined();
    const speck = { ...empty, data: Uint8Array.from(empty.data, (_, at) => (at < 19 ? 255 : 0)) };
    expect(maskObject(speck, 'person')).toBeUndefined();
    const more = { ...empty, data: Uint8Array.from(empty.data, (_, at) => (at < 20 ? 255 : 0)) };
    expect(maskObject(more, 'person')?.box.width).toBe(0.2);
  });
});

describe('cropMask()', () => {
  it('cropMask() cuts the padding of a letterbox away', () => {
    const mask = { width: 3, height: 3, data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9) };
    const geometry = { scaledWidth: 2, scaledHeight: 2, scaleX: 1, scaleY: 1 };
    expect(cropMask(mask, geometry)).toEqual({ width: 2, height: 2, data: Uint8Array.of(1, 2, 4, 5) });
  });
});

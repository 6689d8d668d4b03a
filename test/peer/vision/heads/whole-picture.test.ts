import { describe, expect, it } from 'vitest';
import { heads, maskHeads } from '../../../../peer/vision/heads/index.ts';
import { output } from './outputs.ts';

const box = { x: 0, y: 0, width: 4, height: 2 };
const spec = {
  input: { width: 4, height: 2 },
  outputs: [{ name: 'out' }],
  labels: ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
  threshold: 0.1,
};

describe('classes()', () => {
  it('classes() gives the likeliest five at most, best first', () => {
    const data = Float32Array.of(0.125, 0.25, 0.0625, 0.5, 0.15, 0.16, 0.17);
    const found = heads.classes({ out: { data, dims: [1, 7] } }, spec);
    expect(found.map(({ classId }) => classId)).toEqual([3, 1, 6, 5, 4]);
    expect(found[0]).toEqual({ box, classId: 3, score: 0.5 });
  });

  it('classes() leaves out what is below the threshold', () => {
    expect(heads.classes({ out: output([1, 7], { 2: 0.5 }) }, spec)).toHaveLength(1);
  });

  it('classes() counts an answer that is no number, and refuses another number of classes', () => {
    const tally = { malformed: 0 };
    expect(heads.classes({ out: output([1, 7], { 2: Number.NaN }) }, spec, tally)).toEqual([]);
    expect(tally).toEqual({ malformed: 1 });
    expect(() => heads.classes({ out: output([1, 8]) }, spec)).toThrow(/to be \[1,7\], found \[1,8\]/);
  });
});

describe('features()', () => {
  it('features() brings a vector to unit length', () => {
    const [found] = heads.features({ out: output([1, 3], { 0: 3, 2: -4 }) }, spec);
    expect(found).toEqual({ box, classId: 0, score: 1, embedding: [0.6, 0, -0.8] });
  });

  it('features() takes the mean over the picture', () => {
    const data = Float32Array.of(1, 0, 2, 0, 3, 0, 0, 8);
    expect(heads.features({ out: { data, dims: [1, 2, 2, 2] } }, spec)[0]?.embedding).toEqual([0.6, 0.8]);
  });

  it.each([
    { what: 'NaN', values: { 1: Number.NaN } },
    { what: 'Infinity', values: { 1: Number.POSITIVE_INFINITY } },
    { what: 'nothing but zeros', values: {} },
  ])('features() counts a vector of $what', ({ values }) => {
    const tally = { malformed: 0 };
    expect(heads.features({ out: output([1, 3], values) }, spec, tally)).toEqual([]);
    expect(tally).toEqual({ malformed: 1 });
  });

  it.each([{ dims: [3] }, { dims: [2, 3] }, { dims: [1, 2, 3] }])('features() refuses $dims', ({ dims }) => {
    expect(() => heads.features({ out: output(dims) }, spec)).toThrow(
      expect.objectContaining({ code: 'model-contract-mismatch' }),
    );
  });
});

describe('probabilityMask()', () => {
  it('probabilityMask() brings probabilities to bytes, whatever lies outside 0 to 1 included', () => {
    const outputs = { out: output([1, 2, 4, 1], { 0: 1, 1: 0.5, 2: -3, 3: 7 }) };
    expect(maskHeads.mask(outputs, spec)).toEqual({
      width: 4,
      height: 2,
      data: Uint8Array.of(255, 128, 0, 255, 0, 0, 0, 0),
    });
  });

  it('probabilityMask() counts a row with what is no number once, and keeps the rest of it', () => {
    const tally = { malformed: 0 };
    const outputs = { out: output([1, 2, 4, 1], { 4: Number.NaN, 5: Number.NaN, 6: 1 }) };
    expect([...maskHeads.mask(outputs, spec, tally).data]).toEqual([0, 0, 0, 0, 0, 0, 255, 0]);
    expect(tally).toEqual({ malformed: 1 });
  });

  it('probabilityMask() refuses a mask of another size', () => {
    expect(() => maskHeads.mask({ out: output([1, 4, 2, 1]) }, spec)).toThrow(/to be \[1,2,4,1\]/);
  });
});

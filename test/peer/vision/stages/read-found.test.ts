import { describe, expect, it } from 'vitest';
import { catalogue, parts } from '../../../../models/catalogue.ts';
import { letterbox } from '../../../../peer/vision/letterbox.ts';
import { type ModelReading, readFound } from '../../../../peer/vision/stages/read-found.ts';
import { detectedObjectSchema } from '../../../../protocol/detections.ts';
import { output } from '../heads/outputs.ts';

const frame = { width: 640, height: 480 };
const models = [...catalogue, ...parts];
const fills = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e38, -1e38, 0, 0.9, 7];

function read(model: (typeof models)[number], fill: number) {
  const outputs = model.outputs.map(({ name, dims }) => [name, output(dims, {}, fill)] as const);
  // The alphabet of a part comes with its weights
  const labels = model.head === 'text-line' ? Array.from({ length: 6623 }, () => 'x') : model.labels;
  const geometry = letterbox(frame, model.input, model.input.fit);
  return readFound({ ...model, labels } satisfies ModelReading, Object.fromEntries(outputs), geometry, 0.1);
}

describe.each(models.map((model) => [model.id, model] as const))('readFound() of %s', (_, model) => {
  it.each(fills)('gives objects that the schema accepts, or none, for outputs full of %d', (fill) => {
    for (const object of read(model, fill).objects)
      expect(detectedObjectSchema.parse(object)).toEqual(object);
  });

  it('finds nothing in outputs full of NaN, and counts them', () => {
    const { objects, malformed } = read(model, Number.NaN);
    expect(objects).toEqual([]);
    expect(malformed).toBeGreaterThan(0);
  });

  it('refuses outputs of other names', () => {
    const geometry = letterbox(frame, model.input, model.input.fit);
    expect(() => readFound(model, { unknown: output([1, 2, 3]) }, geometry, 0.1)).toThrow(
      expect.objectContaining({ code: 'model-contract-mismatch' }),
    );
  });
});

import { expect, it } from 'vitest';
import { toModelSummary } from '../../../peer/inference/model-summary.ts';
import { modelSummarySchema } from '../../../protocol/models.ts';
import { yoloxNano } from './yolox-nano.ts';

it('toModelSummary() shows what a caller may know of a model, and nothing of where its weights lie', () => {
  const summary = toModelSummary(yoloxNano.manifest, { available: true, loaded: true, default: false });
  expect(modelSummarySchema.strict().parse(summary)).toEqual(summary);
  expect(summary).toMatchObject({
    id: 'yolox-nano',
    inputWidth: 416,
    inputHeight: 416,
    available: true,
    loaded: true,
    default: false,
  });
});

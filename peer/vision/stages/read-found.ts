import type { Found } from '../found.ts';
import { type HeadOutputs, type HeadSpec, heads, maskHeads } from '../heads/index.ts';
import type { Letterbox } from '../letterbox.ts';
import { toObjects } from '../to-objects.ts';
import { cropMask, maskObject } from './mask-object.ts';

/** A manifest, as far as its outputs are concerned. */
export interface ModelReading extends Omit<HeadSpec, 'threshold'> {
  readonly head: keyof typeof heads | keyof typeof maskHeads;
}

/**
 * What a model found in a frame, read from its outputs.
 *
 * @param geometry how the frame lay in the network's input.
 * @throws SightlineError `model-contract-mismatch` where the outputs are not those of the model's head.
 */
export function readFound(
  model: ModelReading,
  outputs: HeadOutputs,
  geometry: Letterbox,
  threshold: number,
): Found {
  const { head, input, labels } = model;
  const spec: HeadSpec = { input, outputs: model.outputs, labels, threshold };
  const tally = { malformed: 0 };
  if (head === 'mask') {
    const mask = cropMask(maskHeads[head](outputs, spec, tally), geometry);
    const object = maskObject(mask, labels[0] ?? '');
    const objects = object && object.score >= threshold ? [object] : [];
    return { objects, mask, malformed: tally.malformed };
  }
  const objects = toObjects(heads[head](outputs, spec, tally), labels, geometry);
  return { objects, malformed: tally.malformed };
}

import type { ModelManifest } from '../../../models/manifest.ts';
import type { RawOutput } from './trial.ts';

/** The least and the greatest of some values. */
export interface Range {
  readonly least: number;
  readonly greatest: number;
}

type IsScore = (index: number, rowLength: number) => boolean;

/** Which values of its first output a head takes as probabilities; other heads read logits. */
const scores: Partial<Record<ModelManifest['head'], IsScore>> = {
  yolox: (index, rowLength) => index % rowLength >= 4,
  centernet: (index, rowLength) => index % rowLength === 4,
  ultraface: () => true,
  classes: () => true,
  mask: () => true,
  movenet: (index, rowLength) => index % rowLength === 2,
};

/** How far a sum of rounded values may leave 0 to 1. */
const TOLERANCE = 0.01;

/** Of what a head takes as probabilities; undefined where it takes none. */
export function scoreRange(head: ModelManifest['head'], outputs: readonly RawOutput[]): Range | undefined {
  const [output] = outputs;
  const isScore = scores[head];
  if (output === undefined || isScore === undefined) return undefined;
  const rowLength = output.dims.at(-1) ?? 1;
  return rangeOf(output.data.filter((_, index) => isScore(index, rowLength)));
}

export function areProbabilities({ least, greatest }: Range): boolean {
  return least >= -TOLERANCE && greatest <= 1 + TOLERANCE;
}

/** Of the finite values. */
export function rangeOf(data: Float32Array): Range {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of data) {
    if (!Number.isFinite(value)) continue;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return { least, greatest };
}

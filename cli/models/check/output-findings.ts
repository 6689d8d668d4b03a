import type { ModelManifest } from '../../../models/manifest.ts';
import { failed, type ModelFinding, ok, warning } from './finding.ts';
import { areProbabilities, rangeOf, scoreRange } from './score-range.ts';
import type { RawOutput, Trial } from './trial.ts';

/**
 * Looks at the numbers that a model gave, before anything is made of them.
 *
 * @param other what it gave for another picture
 * @param isReal whether the picture is one that a camera could see; a good model may have nothing to say of others
 */
export function outputFindings(
  { head }: Pick<ModelManifest, 'head'>,
  { outputs }: Pick<Trial, 'outputs'>,
  other: Pick<Trial, 'outputs'>,
  isReal: boolean,
): ModelFinding[] {
  const malformed = outputs.flatMap(malformedValues);
  if (malformed.length > 0) return malformed;
  const unmoved = ignorance(outputs, other.outputs, isReal ? failed : warning);
  if (unmoved !== undefined) return [unmoved];
  const range = scoreRange(head, outputs);
  if (range !== undefined && !areProbabilities(range)) {
    const words = `Scores go from ${short(range.least)} to ${short(range.greatest)}, and the head ${head} reads probabilities from 0 to 1`;
    return [failed('outputs', 'scores-not-probabilities', words)];
  }
  return [ok('outputs', outputs.map(describe).join(', '))];
}

function malformedValues({ name, data }: RawOutput): ModelFinding[] {
  const malformed = data.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0);
  if (malformed === 0) return [];
  const nan = data.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0);
  const words = `${malformed} of ${data.length} values of “${name}” are no numbers (${nan} NaN, ${malformed - nan} infinite)`;
  return [failed('outputs', 'output-malformed', words)];
}

/** Whether the outputs have nothing to do with the picture. */
function ignorance(
  outputs: readonly RawOutput[],
  others: readonly RawOutput[],
  problem: typeof failed,
): ModelFinding | undefined {
  if (!outputs.every(({ data }, index) => isSame(data, others[index]?.data))) return undefined;
  const [constant] = outputs.filter(
    ({ data }) => data.length > 1 && data.every((value) => value === data[0]),
  );
  if (constant === undefined) {
    const words = 'The outputs are the same for two pictures that are not';
    return problem('outputs', 'output-ignores-picture', words);
  }
  const { name, data } = constant;
  const words = `All ${data.length} values of “${name}” are ${short(data[0] ?? 0)}, whatever the picture`;
  return problem('outputs', 'output-constant', words);
}

function isSame(a: Float32Array, b: Float32Array | undefined): boolean {
  return a.length === b?.length && a.every((value, index) => value === b[index]);
}

function describe({ name, dims, data }: RawOutput): string {
  const { least, greatest } = rangeOf(data);
  return `${name} [${dims.join(',')}] goes from ${short(least)} to ${short(greatest)}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

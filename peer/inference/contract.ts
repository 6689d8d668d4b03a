import type { InferenceSession } from 'onnxruntime-node';
import type { ModelManifest } from '../../models/manifest.ts';
import { SightlineError } from '../../protocol/errors.ts';
import { channelCount } from '../vision/tensor.ts';

/** What an ONNX file says of its inputs and outputs; a dimension that is open has a name instead of a number. */
export interface ModelFace {
  readonly inputs: readonly InferenceSession.ValueMetadata[];
  readonly outputs: readonly InferenceSession.ValueMetadata[];
}

/** Dimensions of the network's input, batch first: one picture where the number is left out. */
export function inputDims(input: ModelManifest['input'], pictures = 1): number[] {
  const { layout, width, height } = input;
  const channels = channelCount(input);
  return layout === 'nchw' ? [pictures, channels, height, width] : [pictures, height, width, channels];
}

/**
 * Compares a loaded model with its manifest: one input, and the float32 outputs that the manifest names, among others.
 * The first dimension of a model that is to take batches must be open.
 *
 * @param path names the file in the message.
 * @throws {SightlineError} `model-contract-mismatch`
 */
export function checkContract(manifest: ModelManifest, path: string, face: ModelFace): void {
  const { name, type = 'float32', maxBatch = 1 } = manifest.input;
  const dims = inputDims(manifest.input, maxBatch > 1 ? OPEN : 1);
  const expectedInputs: Expected = [{ name, type, dims }];
  const takesBatches = maxBatch === 1 || face.inputs.every(isOpen);
  const inputsMatch = face.inputs.length === 1 && takesBatches && matches(expectedInputs, face.inputs);
  if (!inputsMatch) throw mismatch('input', path, expectedInputs, face.inputs);
  if (!matches(manifest.outputs, face.outputs)) {
    throw mismatch('output', path, manifest.outputs, face.outputs);
  }
}

/** A dimension of any size. */
const OPEN = -1;

/** Whether the first dimension of a tensor may be of any size. */
function isOpen(value: InferenceSession.ValueMetadata): boolean {
  const [first] = value.isTensor ? value.shape : [];
  return typeof first === 'string' || (first ?? 0) < 0;
}

type Expected = readonly {
  readonly name: string;
  /** float32 where left out. */
  readonly type?: 'float32' | 'int32';
  readonly dims: readonly number[];
}[];

function matches(expected: Expected, found: readonly InferenceSession.ValueMetadata[]): boolean {
  return expected.every(({ name, type = 'float32', dims }) => {
    const value = found.find((each) => each.name === name);
    return value?.isTensor === true && value.type === type && dimsMatch(dims, value.shape);
  });
}

/** A dimension that the file leaves open takes any size; so does one that the manifest gives as negative. */
function dimsMatch(expected: readonly number[], found: readonly (number | string)[]): boolean {
  if (expected.length !== found.length) return false;
  return expected.every(
    (side, index) => side < 0 || typeof found[index] === 'string' || found[index] === side,
  );
}

function mismatch(
  side: 'input' | 'output',
  path: string,
  expected: Expected,
  found: readonly InferenceSession.ValueMetadata[],
): SightlineError {
  const wanted = expected
    .map(({ name, type = 'float32', dims }) => `${name} ${type}[${dims.join(',')}]`)
    .join(', ');
  const seen = found.map((value) => `${value.name} ${shapeOf(value)}`).join(', ');
  return new SightlineError(
    'model-contract-mismatch',
    `Cannot use the model ${path}: expected the ${side} ${wanted}, found ${seen || 'none'}. ` +
      'Put the file that the manifest describes in its place, or correct the manifest',
  );
}

function shapeOf(value: InferenceSession.ValueMetadata): string {
  return value.isTensor ? `${value.type}[${value.shape.join(',')}]` : 'no tensor';
}

import type { ModelManifest } from '../../../models/manifest.ts';
import { inputDims } from '../../../peer/inference/contract.ts';
import { failed, type ModelFinding, ok } from './finding.ts';
import { describe, dimsOf, type Graph, type GraphValue } from './graph.ts';
import { type Dims, headShapes } from './head-shapes.ts';

/** Compares what a manifest says with what its file has: each difference in words, with what to do. */
export function contractFindings(manifest: ModelManifest, graph: Graph): ModelFinding[] {
  const wrong = [...inputProblems(manifest.input, graph.inputs), ...outputProblems(manifest, graph.outputs)];
  const findings = wrong.length > 0 ? wrong : headProblems(manifest, graph.outputs);
  return findings.length > 0
    ? findings
    : [ok('contract', 'The file has the input, the outputs and the classes that the manifest describes')];
}

function inputProblems(input: ModelManifest['input'], inputs: Graph['inputs']): ModelFinding[] {
  const [found] = inputs;
  if (found === undefined || inputs.length > 1) {
    const words = `The file has ${inputs.length} inputs (${inputs.map(describe).join(', ')}), and one picture is all there is`;
    return [failed('input', 'input-differs', words, 'Export the model with the picture as its only input')];
  }
  const problems: ModelFinding[] = [];
  if (found.name !== input.name) {
    const words = `The manifest calls the input “${input.name}”, the file “${found.name}”`;
    problems.push(failed('input', 'input-differs', words, `Set input.name to "${found.name}"`));
  }
  const { type = 'float32' } = input;
  if (found.type !== type) problems.push(wrongInputType(found, type));
  const expected = inputDims(input);
  if (!matches(expected, found.shape)) {
    const words = `The manifest describes an input of [${expected.join(',')}], the file has ${describe(found)}`;
    problems.push(failed('input', 'input-differs', words, inputRemedy(expected, found.shape, input)));
  }
  return problems;
}

function wrongInputType({ type }: GraphValue, expected: string): ModelFinding {
  const words = `The input is ${type} in the file, and ${expected} in the manifest`;
  if (type === 'int32') return failed('input', 'input-differs', words, 'Set input.type to "int32"');
  if (type === 'float32') return failed('input', 'input-differs', words, 'Leave input.type out');
  return failed('input', 'type-unsupported', words);
}

/** What would make the manifest that of the file. */
function inputRemedy(
  expected: Dims,
  found: GraphValue['shape'],
  { layout }: ModelManifest['input'],
): string | undefined {
  if (found.length !== 4) return 'Export the model with an input of four dimensions';
  if (typeof found[0] === 'number' && found[0] !== 1) return 'Export the model with a batch of 1';
  const channelsFirst = isChannels(found[1]) && !isChannels(found[3]);
  const channelsLast = isChannels(found[3]) && !isChannels(found[1]);
  if (layout === 'nchw' && channelsLast) return 'Set input.layout to "nhwc"';
  if (layout === 'nhwc' && channelsFirst) return 'Set input.layout to "nchw"';
  const [channels, height, width] = layout === 'nchw' ? found.slice(1) : [found[3], found[1], found[2]];
  const expectedChannels = layout === 'nchw' ? expected[1] : expected[3];
  if (typeof channels === 'number' && channels !== expectedChannels) {
    if (channels === 1) return 'Set input.channels to "grey"';
    if (channels === 3) return 'Set input.channels to "rgb" or "bgr"';
    return 'Export the model with one channel or three';
  }
  const sides = Object.entries({ width, height }).flatMap(([name, side]) =>
    typeof side === 'number' ? `input.${name} to ${side}` : [],
  );
  return sides.length === 0 ? undefined : `Set ${sides.join(' and ')}`;
}

function isChannels(side: number | string | undefined): boolean {
  return side === 1 || side === 3;
}

function outputProblems({ outputs }: ModelManifest, found: Graph['outputs']): ModelFinding[] {
  return outputs.flatMap(({ name, dims }) => {
    const value = found.find((each) => each.name === name);
    if (value === undefined) {
      const words = `The manifest names the output “${name}”, and the file has ${found.map(describe).join(', ')}`;
      return failed('output', 'output-differs', words, 'Set outputs[].name to one of these');
    }
    if (value.type !== 'float32') {
      return failed('output', 'type-unsupported', `The output ${describe(value)} is not float32`);
    }
    if (matches(dims, value.shape)) return [];
    const words = `The manifest gives the output “${name}” as [${dims.join(',')}], the file has ${describe(value)}`;
    const remedy = `Set its dims to [${dimsOf(value).join(',')}] if that is what the head reads`;
    return failed('output', 'output-differs', words, remedy);
  });
}

/** Whether the head can read these outputs, and whether there is a label for each class. */
function headProblems(
  { head, input, labels, outputs }: ModelManifest,
  found: Graph['outputs'],
): ModelFinding[] {
  const shape = headShapes[head];
  if (shape === undefined) return [];
  const values = outputs.flatMap(({ name }) => found.find((each) => each.name === name) ?? []);
  const dims = values.map(dimsOf);
  if (!shape.fits(dims, input)) {
    const words = `The head ${head} reads ${shape.reads}, and the outputs are ${values.map(describe).join(', ')}`;
    return [failed('head', 'head-differs', words)];
  }
  const classes = shape.classes(dims);
  if (classes === undefined || classes === labels.length) return [];
  const words = `The file tells ${classes} ${classes === 1 ? 'class' : 'classes'} apart, and the manifest has ${labels.length} ${labels.length === 1 ? 'label' : 'labels'}`;
  return [failed('labels', 'labels-differ', words)];
}

function matches(expected: Dims, found: GraphValue['shape']): boolean {
  return (
    expected.length === found.length &&
    expected.every((side, axis) => side < 0 || typeof found[axis] === 'string' || found[axis] === side)
  );
}

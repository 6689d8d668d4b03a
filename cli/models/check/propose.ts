import { basename } from 'node:path';
import { catalogue, parts } from '../../../models/catalogue.ts';
import type { ModelManifest } from '../../../models/manifest.ts';
import { dimsOf, type Graph, type GraphValue } from './graph.ts';
import { headShapes } from './head-shapes.ts';

/** A manifest as a user would begin to write it. */
export type Proposal = Pick<
  ModelManifest,
  'id' | 'task' | 'head' | 'file' | 'outputs' | 'labels' | 'threshold'
> & {
  readonly input: ModelManifest['input'];
};

type Guess = Pick<ModelManifest, 'task' | 'threshold'> &
  Pick<ModelManifest['input'], 'channels' | 'mean' | 'scale' | 'fit' | 'pad'>;

const zeroToOne = { channels: 'rgb', mean: 0, scale: 1 / 255, pad: 0 } as const;

/** What the models of each head have in common, as a beginning. The first head whose outputs these are is proposed. */
const guesses: Partial<Record<ModelManifest['head'], Guess>> = {
  movenet: { task: 'pose', threshold: 0.3, ...zeroToOne, scale: 1, fit: 'letterbox' },
  yolox: { task: 'detect', threshold: 0.4, channels: 'bgr', mean: 0, scale: 1, fit: 'letterbox', pad: 114 },
  ultraface: {
    task: 'faces',
    threshold: 0.6,
    channels: 'rgb',
    mean: 127,
    scale: 1 / 128,
    fit: 'letterbox',
    pad: 127,
  },
  centernet: { task: 'detect', threshold: 0.4, ...zeroToOne, fit: 'stretch' },
  mask: { task: 'segment', threshold: 0.5, ...zeroToOne, fit: 'stretch' },
  classes: { task: 'classify', threshold: 0.5, ...zeroToOne, fit: 'stretch' },
};

/** A manifest that the graph would fit; undefined where no head is known that reads its outputs. */
export function propose(path: string, { inputs, outputs }: Graph): Proposal | undefined {
  const [value] = inputs;
  const size = value && inputs.length === 1 ? sizeOf(value) : undefined;
  if (value === undefined || size === undefined) return undefined;
  for (const [name, guess] of Object.entries(guesses)) {
    const head = name as keyof typeof guesses;
    const shape = headShapes[head];
    const read = inOrder(head, outputs);
    if (shape === undefined || read === undefined || !shape.fits(read.map(dimsOf), size)) continue;
    const { task, threshold, channels, ...input } = guess;
    const classes = shape.classes(read.map(dimsOf)) ?? 1;
    return {
      id: idFor(path),
      task,
      head,
      file: basename(path),
      input: {
        name: value.name,
        ...(value.type === 'int32' && { type: value.type }),
        ...size,
        channels: isGrey(value) ? 'grey' : channels,
        ...input,
      },
      outputs: read.map((each) => ({ name: each.name, dims: [...dimsOf(each)] })),
      labels: Array.from({ length: classes }, (_, index) => `class ${index}`),
      threshold,
    };
  }
  return undefined;
}

/** The outputs in the order of the head: a file of UltraFace may have them in either. */
function inOrder(head: ModelManifest['head'], outputs: Graph['outputs']): GraphValue[] | undefined {
  if (outputs.some(({ type }) => type !== 'float32')) return undefined;
  const count = head === 'ultraface' ? 2 : 1;
  if (outputs.length !== count) return undefined;
  return outputs.toSorted((a, b) => Number(a.shape.at(-1)) - Number(b.shape.at(-1)));
}

/** Sides and layout of the input; undefined where it is no picture, or where a side is open. */
function sizeOf({ type, shape }: GraphValue) {
  if (type !== 'float32' && type !== 'int32') return undefined;
  const [, a, b, c] = shape;
  if (shape.length !== 4 || typeof a !== 'number' || typeof b !== 'number' || typeof c !== 'number')
    return undefined;
  if (a === 3 || a === 1) return { width: c, height: b, layout: 'nchw' as const };
  if (c === 3 || c === 1) return { width: b, height: a, layout: 'nhwc' as const };
  return undefined;
}

function isGrey({ shape }: GraphValue): boolean {
  return shape[1] === 1 || (shape[3] === 1 && shape[1] !== 3);
}

function idFor(path: string): string {
  const name = basename(path)
    .replace(/\.onnx$/i, '')
    .toLowerCase();
  const id =
    name
      .replace(/[^a-z0-9.-]+/g, '-')
      .replace(/^[.-]+/, '')
      .slice(0, 60) || 'model';
  return [...catalogue, ...parts].some((entry) => entry.id === id) ? `my-${id}` : id;
}

import type { ModelManifest } from '../../../models/manifest.ts';

/** Dimensions of a value; negative where they are open. */
export type Dims = readonly number[];

/** What a head reads, as far as the dimensions tell. */
export interface HeadShape {
  /** For a person. */
  readonly reads: string;
  /** Whether a head can read outputs of these dimensions, whatever the labels. */
  fits(outputs: readonly Dims[], input: { readonly width: number; readonly height: number }): boolean;
  /** How many classes the outputs speak of; undefined where they do not tell. */
  classes(outputs: readonly Dims[]): number | undefined;
}

/** Values of a YOLOX row before the classes. */
const YOLOX_GEOMETRY = 5;

/** Of the heads that a model of one's own is likely to need, the most particular first. */
export const headShapes: Partial<Record<ModelManifest['head'], HeadShape>> = {
  movenet: {
    reads: 'one output [1, 1, 17, 3]',
    fits: ([dims = []]) => is(dims, [1, 1, 17, 3]),
    classes: () => 1,
  },
  yolox: {
    reads: 'one output [1, cells, 5 + classes], cells being those of the strides 8, 16 and 32',
    fits: ([dims = []], { width, height }) => {
      const cells = [8, 16, 32].reduce((sum, stride) => sum + (width / stride) * (height / stride), 0);
      return is(dims, [1, cells, ANY]) && ((dims[2] ?? 0) > YOLOX_GEOMETRY || (dims[2] ?? 0) < 0);
    },
    classes: ([dims = []]) => known(dims[2], -YOLOX_GEOMETRY),
  },
  ultraface: {
    reads: 'two outputs, scores [1, priors, 2] and boxes [1, priors, 4]',
    fits: ([scores = [], boxes = []]) =>
      is(scores, [1, ANY, 2]) && is(boxes, [1, scores[1] ?? ANY, 4]) && boxes.length === 3,
    classes: () => 1,
  },
  centernet: {
    reads: 'one output [1, detections, 6]',
    fits: ([dims = []]) => is(dims, [1, ANY, 6]),
    classes: () => undefined,
  },
  mask: {
    reads: 'one output [1, height, width, 1] as large as the input',
    fits: ([dims = []], { width, height }) => is(dims, [1, height, width, 1]),
    classes: () => 1,
  },
  classes: {
    reads: 'one output [1, classes]',
    fits: ([dims = []]) => is(dims, [1, ANY]),
    classes: ([dims = []]) => known(dims[1]),
  },
  features: {
    reads: 'one output [1, features] or [1, rows, columns, features]',
    fits: ([dims = []]) => is(dims, [1, ANY]) || is(dims, [1, ANY, ANY, ANY]),
    classes: () => undefined,
  },
};

const ANY = -1;

/** Open sides fit whatever is expected. */
function is(dims: Dims, expected: Dims): boolean {
  return (
    dims.length === expected.length &&
    dims.every((side, axis) => side < 0 || (expected[axis] ?? ANY) < 0 || side === expected[axis])
  );
}

function known(side: number | undefined, more = 0): number | undefined {
  return side === undefined || side < 0 ? undefined : side + more;
}

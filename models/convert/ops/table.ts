import type { OpConverter } from '../conversion.ts';
import { convolutionOps } from './convolution.ts';
import { elementwiseOps } from './elementwise.ts';
import { matrixOps } from './matrix.ts';
import { poolingOps } from './pooling.ts';
import { selectionOps } from './selection.ts';
import { shapeOps } from './shape.ts';

/** Every TensorFlow operation that can be converted, by name. `Const` and `Placeholder` are not operations. */
export const opTable: ReadonlyMap<string, OpConverter> = new Map(
  [elementwiseOps, convolutionOps, poolingOps, shapeOps, selectionOps, matrixOps].flatMap(
    Object.entries<OpConverter>,
  ),
);

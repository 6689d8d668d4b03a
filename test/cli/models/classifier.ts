import { OnnxBuilder } from '../../../models/convert/onnx-builder.ts';

/** What the outputs of {@link classifier} are made of. */
export type Ending = 'softmax' | 'logits' | 'nan' | 'constant' | 'ignores';

/** A classifier of three classes by the mean red, green and blue of a picture, [1, 3, 8, 8] from 0 to 1. */
export function classifier(ending: Ending): Uint8Array {
  const builder = new OnnxBuilder();
  builder.input('picture', 'float32', [1, 3, 8, 8]);
  const floats = (...data: number[]) =>
    builder.constant({ type: 'float32', shape: [1, data.length], data: Float32Array.from(data) });
  const axes = builder.constant({
    type: 'int64',
    shape: [2],
    data: BigInt64Array.from([2n, 3n]),
  });
  const means = builder.node('ReduceMean', ['picture', axes], { keepdims: 0 });
  const sharp = builder.node('Mul', [means, floats(12, 12, 12)]);
  const zero = builder.node('Mul', [means, floats(0, 0, 0)]);
  const outputs: Record<Ending, () => string> = {
    softmax: () => builder.node('Softmax', [sharp], { axis: 1 }),
    logits: () => sharp,
    nan: () => builder.node('Div', [zero, zero]),
    constant: () => builder.node('Add', [zero, floats(0.25, 0.25, 0.25)]),
    ignores: () => builder.node('Add', [zero, floats(0.1, 0.2, 0.7)]),
  };
  builder.output('classes', 'float32', outputs[ending]());
  return builder.finish();
}

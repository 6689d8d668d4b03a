import { SightlineError } from '../../protocol/errors.ts';
import type { HeadOutputs } from '../vision/heads/index.ts';

/**
 * The outputs of a batch, picture by picture: views into them, with a first dimension of 1.
 *
 * @param model names the model in the message.
 * @throws {SightlineError} `model-contract-mismatch` where an output is not of as many pictures
 */
export function splitOutputs(model: string, outputs: HeadOutputs, pictures: number): HeadOutputs[] {
  return Array.from({ length: pictures }, (_, index) =>
    Object.fromEntries(
      Object.entries(outputs).map(([name, { data, dims }]) => {
        const [first, ...rest] = dims;
        if (first !== pictures) {
          throw new SightlineError(
            'model-contract-mismatch',
            `Cannot read the outputs of ${model}: expected ${name} of ${pictures} pictures, found [${dims.join(',')}]`,
          );
        }
        const length = data.length / pictures;
        return [name, { data: data.subarray(index * length, (index + 1) * length), dims: [1, ...rest] }];
      }),
    ),
  );
}

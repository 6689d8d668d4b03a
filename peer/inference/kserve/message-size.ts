import type { ModelManifest } from '../../../models/manifest.ts';

/** Of what a server says of a model, and of what is around the values of an answer. */
export const METADATA_BYTES = 65_536;
/** Of the outputs of a model whose manifest leaves their size open. */
const OPEN_BYTES = 64 * 2 ** 20;

/** Bytes of the longest answer to an inference request that is taken. */
export function answerBytes({ outputs }: ModelManifest, bytesPerValue: number): number {
  if (outputs.some(({ dims }) => dims.some((side) => side < 0))) return OPEN_BYTES;
  const sizes = outputs.map(({ dims }) => dims.reduce((product, side) => product * side, 1));
  return METADATA_BYTES + sizes.reduce((sum, size) => sum + size, 0) * bytesPerValue;
}

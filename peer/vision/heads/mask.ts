import type { Mask } from '../found.ts';
import { type HeadOutputs, type HeadSpec, type HeadTally, readOutput } from './head.ts';

/** Reads a mask over the whole of the network's input. @throws as heads do */
export type MaskHead = (outputs: HeadOutputs, spec: HeadSpec, tally?: HeadTally) => Mask;

/**
 * A mask of one class: float32 [1, height, width, 1], the probability of each pixel, in the size of the network's
 * input. A row with NaN or Infinity is counted once, and those pixels show nothing.
 */
export const probabilityMask: MaskHead = (outputs, spec, tally = { malformed: 0 }) => {
  const { width, height } = spec.input;
  const { data: values } = readOutput(outputs, spec, [1, height, width, 1]);
  const data = new Uint8Array(width * height);
  for (let start = 0; start < values.length; start += width) {
    let isMalformed = false;
    for (let at = start; at < start + width; at++) {
      const value = values[at] as number;
      if (Number.isFinite(value)) data[at] = Math.round(Math.min(1, Math.max(0, value)) * 255);
      else isMalformed = true;
    }
    if (isMalformed) tally.malformed++;
  }
  return { width, height, data };
};

import { type Candidate, nms } from '../nms.ts';
import { type Head, type HeadSpec, type HeadTally, readOutput } from './head.ts';

/** Pixels of the network's input between two neighbouring cells of each of the three grids, in order of the rows. */
const strides = [8, 16, 32] as const;

/** Values in a row before the classes: centre x and y, width and height, objectness. */
const geometryValues = 5;

/**
 * YOLOX as its ONNX export gives it ("--decode_in_inference" left out): float32 [1, cells, 5 + classes], one row a
 * grid cell. The centre is (o0 + column, o1 + row) × stride, the size (exp(o2), exp(o3)) × stride, the score
 * objectness × class, both already through the sigmoid. Source: Ge et al., "YOLOX: Exceeding YOLO Series in 2021",
 * section 2.
 */
export const yolox: Head = (outputs, spec, tally = { malformed: 0 }) => {
  const width = geometryValues + spec.labels.length;
  const { data } = readOutput(outputs, spec, [1, cellCount(spec), width]);
  const candidates: Candidate[] = [];
  let at = 0;
  for (const stride of strides) {
    const columns = spec.input.width / stride;
    const cells = columns * (spec.input.height / stride);
    for (let cell = 0; cell < cells; cell++, at += width) {
      const objectness = data[at + 4] as number;
      // Nearly every cell ends here: no class can lift the score above its objectness.
      if (objectness < spec.threshold) continue;
      const row = data.subarray(at, at + width);
      const candidate = readCell(row, cell % columns, Math.floor(cell / columns), stride, tally);
      if (candidate && candidate.score >= spec.threshold) candidates.push(candidate);
    }
  }
  return nms(candidates);
};

function cellCount({ input }: HeadSpec): number {
  return strides.reduce((count, stride) => count + (input.width / stride) * (input.height / stride), 0);
}

function readCell(
  row: Float32Array,
  gridX: number,
  gridY: number,
  stride: number,
  tally: HeadTally,
): Candidate | undefined {
  const [offsetX = 0, offsetY = 0, logWidth = 0, logHeight = 0, objectness = 0] = row;
  const classId = indexOfLargest(row);
  const score = objectness * (row[geometryValues + classId] ?? 0);
  const width = Math.exp(logWidth) * stride;
  const height = Math.exp(logHeight) * stride;
  const x = (offsetX + gridX) * stride - width / 2;
  const y = (offsetY + gridY) * stride - height / 2;
  // One test for all: a sum is finite only where every part of it is.
  if (!Number.isFinite(x + y + width + height + score)) {
    tally.malformed++;
    return undefined;
  }
  return { box: { x, y, width, height }, classId, score };
}

function indexOfLargest(row: Float32Array): number {
  let best = geometryValues;
  for (let index = best + 1; index < row.length; index++) {
    if ((row[index] as number) > (row[best] as number)) best = index;
  }
  return best - geometryValues;
}

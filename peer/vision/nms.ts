import type { Keypoint } from '../../protocol/detections.ts';
import type { NetworkBox } from './letterbox.ts';

/** Something that a head read from a model's outputs, in pixels of the network's input. */
export interface Candidate {
  readonly box: NetworkBox;
  readonly classId: number;
  /** 0 to 1. */
  readonly score: number;
  /** In pixels of the network's input too, in the order of the model's skeleton. */
  readonly keypoints?: readonly Keypoint[];
  readonly text?: string;
  /** Of unit length. */
  readonly embedding?: readonly number[];
}

/** Options of {@link nms}. */
export interface NmsOptions {
  /** Two boxes of one class that overlap by more than this (intersection over union) are one object. */
  readonly iou?: number;
  /** Only the best this many candidates are looked at, so that a noisy output cannot cost seconds. */
  readonly maxCandidates?: number;
  /** No more than this many are kept. */
  readonly maxOutputs?: number;
}

/**
 * Greedy non-maximum suppression within each class: of boxes that overlap, only the one with the highest score stays.
 * Returns the kept candidates by falling score; of equal scores, the one that came first stands first.
 */
export function nms(candidates: readonly Candidate[], options: NmsOptions = {}): Candidate[] {
  const { iou = 0.45, maxCandidates = 1000, maxOutputs = 100 } = options;
  const kept: Candidate[] = [];
  const best = candidates.toSorted((a, b) => b.score - a.score).slice(0, maxCandidates);
  for (const candidate of best) {
    if (kept.length >= maxOutputs) break;
    const isTaken = kept.some(
      (other) => other.classId === candidate.classId && intersectionOverUnion(other.box, candidate.box) > iou,
    );
    if (!isTaken) kept.push(candidate);
  }
  return kept;
}

/** Share of the area of both boxes together that belongs to both: 0 (apart, or empty) to 1 (the same). */
export function intersectionOverUnion(a: NetworkBox, b: NetworkBox): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const intersection = width * height;
  return intersection / (a.width * a.height + b.width * b.height - intersection);
}

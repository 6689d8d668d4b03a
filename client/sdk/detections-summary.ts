import type { DetectedObject } from '../../protocol/detections.ts';

/** What one frame holds of one label. */
export interface LabelCount {
  label: string;
  count: number;
  /** The best score among them, 0 to 1. */
  score: number;
}

/** Counts the objects of a result by label: the most frequent first, then by score. */
export function summarize(objects: readonly DetectedObject[]): LabelCount[] {
  const byLabel = new Map<string, LabelCount>();
  for (const { label, score } of objects) {
    const known = byLabel.get(label) ?? { label, count: 0, score: 0 };
    known.count += 1;
    known.score = Math.max(known.score, score);
    byLabel.set(label, known);
  }
  return [...byLabel.values()].sort((a, b) => b.count - a.count || b.score - a.score);
}

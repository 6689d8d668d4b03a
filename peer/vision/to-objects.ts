import type { DetectedObject } from '../../protocol/detections.ts';
import { type Letterbox, toFrame } from './letterbox.ts';
import type { Candidate } from './nms.ts';

/**
 * Turns what a head found into what is reported: boxes in fractions of the source frame, labels by name, by falling
 * score. Candidates that lie wholly in the padding are left out.
 */
export function toObjects(
  candidates: readonly Candidate[],
  labels: readonly string[],
  geometry: Letterbox,
): DetectedObject[] {
  const objects: DetectedObject[] = [];
  for (const { box, classId, score } of candidates) {
    const frameBox = toFrame(box, geometry);
    if (!frameBox) continue;
    const label = labels[classId] ?? `class ${classId}`;
    objects.push({ label, classId, score: Math.min(1, Math.max(0, score)), box: frameBox });
  }
  return objects.sort((a, b) => b.score - a.score);
}

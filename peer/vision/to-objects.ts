import type { DetectedObject } from '../../protocol/detections.ts';
import { type Letterbox, toFrame } from './letterbox.ts';
import type { Candidate } from './nms.ts';

/**
 * Turns what a head found into what is reported: boxes and keypoints in fractions of the source frame, labels by name,
 * by falling score. Candidates that lie wholly in the padding are left out.
 */
export function toObjects(
  candidates: readonly Candidate[],
  labels: readonly string[],
  geometry: Letterbox,
): DetectedObject[] {
  const objects: DetectedObject[] = [];
  for (const candidate of candidates) {
    const box = toFrame(candidate.box, geometry);
    if (box) objects.push({ ...toObject(candidate, labels, box), ...keypointsOf(candidate, geometry) });
  }
  return objects.sort((a, b) => b.score - a.score);
}

/** All but the keypoints, whose place on the frame depends on how the model came to see them. */
export function toObject(
  { classId, score, text, embedding }: Candidate,
  labels: readonly string[],
  box: DetectedObject['box'],
): DetectedObject {
  return {
    label: labels[classId] ?? `class ${classId}`,
    classId,
    score: Math.min(1, Math.max(0, score)),
    box,
    ...(text !== undefined && { text }),
    ...(embedding && { embedding: [...embedding] }),
  };
}

function keypointsOf({ keypoints }: Candidate, { scaledWidth, scaledHeight }: Letterbox) {
  if (!keypoints) return undefined;
  return {
    keypoints: keypoints.map((point) => ({ ...point, x: point.x / scaledWidth, y: point.y / scaledHeight })),
  };
}

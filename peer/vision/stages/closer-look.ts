import type { DetectedObject, Keypoint } from '../../../protocol/detections.ts';
import { around } from '../heads/around.ts';
import { type Letterbox, type Size, toFrame } from '../letterbox.ts';
import { type Candidate, intersectionOverUnion } from '../nms.ts';
import { type Region, toPicture } from '../region.ts';
import { toObject } from '../to-objects.ts';

/** What a first model found, from pixels of its input to pixels of the picture that the input was made from. */
export function inPicture(candidate: Candidate, { scaleX, scaleY }: Letterbox): Candidate {
  const { box, keypoints } = candidate;
  const scaled = (point: Keypoint) => ({ ...point, x: point.x / scaleX, y: point.y / scaleY });
  return {
    ...candidate,
    box: {
      x: box.x / scaleX,
      y: box.y / scaleY,
      width: box.width / scaleX,
      height: box.height / scaleY,
    },
    ...(keypoints && { keypoints: keypoints.map(scaled) }),
  };
}

/** One thing that both models have seen. */
export interface Look {
  /** What the first found, in pixels of the picture. */
  readonly first: Candidate;
  /** What the second found there, in pixels of its input. */
  readonly second: Candidate;
  readonly region: Region;
  /** How the region lay in the second's input. */
  readonly geometry: Letterbox;
  readonly classId: number;
  readonly labels: readonly string[];
}

/**
 * What both models say of one thing together, in fractions of the frame: it is as sure as the less sure of the two, and
 * its box holds the keypoints where there are any. Undefined where nothing of it lies on the frame.
 */
export function together(look: Look, picture: Size): DetectedObject | undefined {
  const { first, second, region, geometry, classId, labels } = look;
  const points = second.keypoints?.map((point) => toPicture(point, region, geometry));
  const box = toFrame(points ? around(points) : first.box, asLetterbox(picture));
  if (!box) return undefined;
  const score = Math.min(first.score, second.score);
  return {
    ...toObject({ ...second, classId, score }, labels, box),
    ...(points && { keypoints: points.map((point) => fractions(point, picture)) }),
  };
}

/** Two sets of keypoints whose boxes overlap by more than this are of one thing, which the first model saw twice. */
const SAME_THING = 0.5;

/** By falling score, and each thing once: what keypoints show to be the same is left out where it is less sure. */
export function distinct(objects: readonly DetectedObject[]): DetectedObject[] {
  const kept: DetectedObject[] = [];
  for (const object of objects.toSorted((a, b) => b.score - a.score)) {
    const isTwin =
      object.keypoints && kept.some(({ box }) => intersectionOverUnion(box, object.box) > SAME_THING);
    if (!isTwin) kept.push(object);
  }
  return kept;
}

function fractions(point: Keypoint, { width, height }: Size): Keypoint {
  return { ...point, x: point.x / width, y: point.y / height };
}

/** The picture shows the whole frame and nothing else. */
function asLetterbox({ width, height }: Size): Letterbox {
  return { scaledWidth: width, scaledHeight: height, scaleX: 1, scaleY: 1 };
}

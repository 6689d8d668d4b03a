import type { Candidate } from '../nms.ts';
import { around } from './around.ts';
import { type Head, type HeadSpec, type HeadTally, readOutput } from './head.ts';

/** Joints of a hand: the wrist, then four of each finger from the thumb on, from the palm outwards. */
const HAND_POINTS = 21;
/** Vertices of MediaPipe's canonical face. */
const FACE_POINTS = 468;

/**
 * The hand landmarks of MediaPipe: float32 [1, 63], x, y and depth of each joint in pixels of the network's input; the
 * presence of a hand [1, 1]; and the side [1, 1], 0 (left) to 1 (right) in a mirrored picture. Of one hand, class 0 is
 * a left one and class 1 a right one as the picture is not mirrored.
 * Source: Zhang et al., "MediaPipe Hands: On-device Real-time Hand Tracking", section 2.2.
 */
export const handLandmarks: Head = (outputs, spec, tally = { malformed: 0 }) => {
  const { data: presence } = readOutput(outputs, spec, [1, 1], 1);
  const { data: side } = readOutput(outputs, spec, [1, 1], 2);
  const classId = (side[0] as number) > 0.5 ? 0 : 1;
  const { data } = readOutput(outputs, spec, [1, HAND_POINTS * 3]);
  return one(data, presence[0] as number, classId, spec, tally);
};

/**
 * The face mesh of MediaPipe: float32 [1, 1404], x, y and depth of each vertex in pixels of the network's input, and
 * the presence of a face [1, 1]. Source: Kartynnik et al., "Real-time Facial Surface Geometry from Monocular Video on
 * Mobile GPUs", 2019.
 */
export const faceMesh: Head = (outputs, spec, tally = { malformed: 0 }) => {
  const { data: presence } = readOutput(outputs, spec, [1, 1], 1);
  const { data } = readOutput(outputs, spec, [1, FACE_POINTS * 3]);
  return one(data, presence[0] as number, 0, spec, tally);
};

/** The one thing that fills the picture, if it is there. Depth is left out: it is no place on the frame. */
function one(
  data: Float32Array,
  score: number,
  classId: number,
  spec: HeadSpec,
  tally: HeadTally,
): Candidate[] {
  if (score < spec.threshold) return [];
  if (!Number.isFinite(score) || !data.every(Number.isFinite)) {
    tally.malformed++;
    return [];
  }
  const keypoints = Array.from({ length: data.length / 3 }, (_, index) => ({
    x: data[index * 3] as number,
    y: data[index * 3 + 1] as number,
  }));
  return [{ box: around(keypoints), classId, score, keypoints }];
}

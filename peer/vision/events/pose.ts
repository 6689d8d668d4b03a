import type { Keypoint } from '../../../protocol/detections.ts';
import type { Hand } from '../../../protocol/events.ts';
import type { Point } from '../../../protocol/polygon.ts';

/** Places of the 17 keypoints of COCO (Lin et al., "Microsoft COCO: Common Objects in Context", 2014), left then right. */
const KEYPOINTS = 17;
const EYES = [1, 2];
const SHOULDERS = [5, 6];
const HIPS = [11, 12];
const ARMS = { left: { elbow: 7, wrist: 9 }, right: { elbow: 8, wrist: 10 } } as const;

/** Keypoints below this score are guesses. */
const MIN_SCORE = 0.3;
/** Of somebody upright, in widths of the shoulders from joint to joint: shoulders to hips. */
const TORSO_IN_WIDTHS = 1.4;
/** How high the eyes are above the shoulders, in lengths of the torso. */
const EYES_IN_TORSOS = 0.4;
/** A torso smaller than this share of the height of the frame is too small to tell what its hands do. */
const MIN_TORSO = 0.02;

/** An arm whose elbow and wrist are seen. */
export interface Arm {
  readonly elbow: Point;
  readonly wrist: Point;
}

/** What gestures are read from. Lengths and places are in heights of the frame, y grows downwards. */
export interface Pose {
  /** The middle between the shoulders. */
  readonly middle: Point;
  /** Height of the eyes, seen or guessed. */
  readonly eyes: number;
  /** From the shoulders to the hips, seen or guessed from the width of the shoulders: who turns away keeps his size. */
  readonly torso: number;
  readonly shoulderWidth: number;
  readonly arms: Readonly<Record<Hand, Arm | undefined>>;
}

/**
 * Reads the skeleton of one person.
 *
 * @param keypoints 17 in the order of COCO, in fractions of the frame
 * @param aspect width of the frame by its height
 * @returns undefined where the shoulders are not seen, or it is another skeleton
 */
export function readPose(keypoints: readonly Keypoint[], aspect: number): Pose | undefined {
  if (keypoints.length !== KEYPOINTS) return undefined;
  const points = keypoints.map((keypoint) => placeOf(keypoint, aspect));
  const shoulders = both(points, SHOULDERS);
  if (shoulders === undefined) return undefined;
  const hips = both(points, HIPS);
  const middle = middleOf(shoulders);
  const long = hips === undefined ? 0 : distance(middle, middleOf(hips));
  const torso = Math.max(long, TORSO_IN_WIDTHS * distance(...shoulders));
  if (torso < MIN_TORSO) return undefined;
  const eyes = both(points, EYES);
  return {
    middle,
    eyes: eyes === undefined ? middle.y - EYES_IN_TORSOS * torso : middleOf(eyes).y,
    torso,
    shoulderWidth: torso / TORSO_IN_WIDTHS,
    arms: { left: armOf(points, ARMS.left), right: armOf(points, ARMS.right) },
  };
}

function placeOf({ x, y, score = 1 }: Keypoint, aspect: number): Point | undefined {
  const place = { x: x * aspect, y };
  return score >= MIN_SCORE && Number.isFinite(place.x) && Number.isFinite(y) ? place : undefined;
}

type Pair = [Point, Point];

function both(points: readonly (Point | undefined)[], [left, right]: readonly number[]): Pair | undefined {
  const [a, b] = [points[left as number], points[right as number]];
  return a !== undefined && b !== undefined ? [a, b] : undefined;
}

function armOf(
  points: readonly (Point | undefined)[],
  at: { readonly elbow: number; readonly wrist: number },
): Arm | undefined {
  const pair = both(points, [at.elbow, at.wrist]);
  return pair && { elbow: pair[0], wrist: pair[1] };
}

function middleOf([a, b]: Pair): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(b.x - a.x, b.y - a.y);
}

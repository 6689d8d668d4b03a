/** How the points of an object hang together. */
export interface Skeleton {
  /** Keypoints from one end to the other, by index, each joined to the next. */
  readonly chains: readonly (readonly number[])[];
  /** Whether each point is marked: not where they lie as close as in a face. */
  readonly joints: boolean;
}

/**
 * The 17 keypoints of COCO (Lin et al., "Microsoft COCO: Common Objects in Context"): nose, eyes, ears, shoulders,
 * elbows, wrists, hips, knees, ankles, the left of each pair first; its 19 edges.
 */
const pose: Skeleton = {
  chains: [
    [9, 7, 5, 6, 8, 10],
    [15, 13, 11, 12, 14, 16],
    [11, 5, 3, 1, 0, 2, 4, 6, 12],
    [1, 2],
  ],
  joints: true,
};

/** The 21 points of MediaPipe Hands: the wrist, then each finger from the palm to its tip, the thumb first. */
const hand: Skeleton = {
  chains: [
    [0, 1, 2, 3, 4],
    [0, 5, 6, 7, 8],
    [9, 10, 11, 12],
    [13, 14, 15, 16],
    [0, 17, 18, 19, 20],
    [5, 9, 13, 17],
  ],
  joints: true,
};

/** The contours among the 468 points of MediaPipe Face Mesh; left and right as the person has them. */
const faceMesh: Skeleton = {
  chains: [
    // Oval of the face
    [
      10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176,
      149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109, 10,
    ],
    // Lips: outer and inner edge
    [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185, 61],
    [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191, 78],
    // Left eye and brow
    [263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466, 263],
    [276, 283, 282, 295, 285],
    [300, 293, 334, 296, 336],
    // Right eye and brow
    [33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246, 33],
    [46, 53, 52, 65, 55],
    [70, 63, 105, 66, 107],
  ],
  joints: false,
};

const skeletons = new Map([
  [17, pose],
  [21, hand],
  [468, faceMesh],
]);

/** The skeleton that has this many points; undefined where none of ours has. */
export function skeletonOf(points: number): Skeleton | undefined {
  return skeletons.get(points);
}

/** Points below this score are guesses and not drawn: a wrist behind a back, a knee under a desk. */
export const SURE_POINT = 0.3;

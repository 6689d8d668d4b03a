/** The 17 keypoints of COCO (Lin et al., "Microsoft COCO: Common Objects in Context"), joined along arms, legs and head. */
const body = [
  [9, 7, 5, 6, 8, 10],
  [15, 13, 11, 12, 14, 16],
  [5, 11],
  [6, 12],
  [3, 1, 0, 2, 4],
];

/** The 21 points of MediaPipe Hands: the wrist, then each finger from the palm to its tip. */
const hand = [
  [0, 1, 2, 3, 4],
  [0, 5, 6, 7, 8],
  [9, 10, 11, 12],
  [13, 14, 15, 16],
  [0, 17, 18, 19, 20],
  [5, 9, 13, 17],
];

/** Chains of keypoints to join, by index; none where points are drawn by themselves. */
export function bonesOf(points: number): readonly (readonly number[])[] {
  if (points === 17) return body;
  return points === 21 ? hand : [];
}

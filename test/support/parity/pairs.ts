import type { DetectedObject } from '../../../protocol/detections.ts';
import { iou } from '../iou.ts';

/** As far as a found object is compared. */
export type FoundBox = Pick<DetectedObject, 'classId' | 'score' | 'box'>;

/** What two implementations say of one thing; where one of them is silent, IoU is 0 and the gap that of the score. */
export interface Pair {
  readonly ours?: FoundBox;
  readonly theirs?: FoundBox;
  readonly iou: number;
  /** How far apart the scores are. */
  readonly gap: number;
}

/** How alike both have to be. */
export interface Bar {
  readonly iou: number;
  readonly gap: number;
}

/** Two implementations that are given the same pixels: rounding alone tells them apart. */
export const SAME_PIXELS: Bar = { iou: 0.99, gap: 0.005 };
/** Each decodes, converts and scales for itself. */
export const WHOLE_PATH: Bar = { iou: 0.9, gap: 0.05 };
/** What is compared: things of which one of both is at least this sure. */
const SURE = 0.4;
/** What both are asked for, so that a thing just below {@link SURE} in one of them still has its partner. */
export const ASKED = 0.3;

/** Pairs boxes of one class one to one, the most alike first; in each pair at least one is sure. */
export function pairUp(ours: readonly FoundBox[], theirs: readonly FoundBox[]): Pair[] {
  const alike = ours
    .flatMap((our) =>
      theirs.filter((their) => their.classId === our.classId).map((their) => pair(our, their)),
    )
    .filter((each) => each.iou > 0)
    .sort((a, b) => b.iou - a.iou);
  const paired = new Set<FoundBox | undefined>();
  const pairs: Pair[] = [];
  for (const each of alike) {
    if (paired.has(each.ours) || paired.has(each.theirs)) continue;
    paired.add(each.ours).add(each.theirs);
    pairs.push(each);
  }
  const alone = [
    ...ours.filter((our) => !paired.has(our)).map((our): Pair => ({ ours: our, iou: 0, gap: our.score })),
    ...theirs
      .filter((their) => !paired.has(their))
      .map((their): Pair => ({ theirs: their, iou: 0, gap: their.score })),
  ];
  return [...pairs, ...alone].filter(
    (each) => Math.max(each.ours?.score ?? 0, each.theirs?.score ?? 0) >= SURE,
  );
}

/** Whether both say the same. */
export function meets({ iou: overlap, gap }: Pair, bar: Bar): boolean {
  return overlap >= bar.iou && gap <= bar.gap;
}

function pair(ours: FoundBox, theirs: FoundBox): Pair {
  return { ours, theirs, iou: iou(ours.box, theirs.box), gap: Math.abs(ours.score - theirs.score) };
}

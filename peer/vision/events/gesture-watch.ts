import type { DetectedObject } from '../../../protocol/detections.ts';
import type { Hand, Occurrence } from '../../../protocol/events.ts';
import { type Pose, readPose } from './pose.ts';
import { RaisedHand } from './raised-hand.ts';
import { Roster } from './roster.ts';
import { Waving } from './waving.ts';

const HANDS: readonly Hand[] = ['left', 'right'];
/** Seconds for which a hand may go unseen within a gesture: it blurs when it is fast. */
const UNSEEN_SECONDS = 0.5;

/** What is remembered of one hand of one person. */
class WatchedHand {
  readonly raised = new RaisedHand();
  readonly waving = new Waving();
  seenAt = Number.NEGATIVE_INFINITY;
}

/**
 * Tells of raised hands and of waving, each once until it ends, by the keypoints of people over time. For the results of
 * a pose model on one camera track, whose track ids it relies on.
 */
export class GestureWatch {
  readonly #roster = new Roster<Record<Hand, WatchedHand>>();

  /**
   * Takes in a result, as `ZoneWatch.update` does. Objects without a track id or without the 17 keypoints of COCO are
   * left out.
   *
   * @param time seconds, when the frame was taken, on a clock that does not wrap
   * @param aspect width of the frame by its height
   */
  update(objects: readonly DetectedObject[], time: number, aspect: number): Occurrence[] {
    if (!this.#roster.advance(time)) return [];
    for (const { trackId } of this.#roster.gone()) this.#roster.forget(trackId);
    const events: Occurrence[] = [];
    for (const { trackId, label, keypoints } of objects) {
      if (trackId === undefined || keypoints === undefined) continue;
      const hands = this.#roster.meet(trackId, () => ({ left: new WatchedHand(), right: new WatchedHand() }));
      if (hands === undefined) continue;
      const pose = readPose(keypoints, aspect);
      for (const hand of HANDS) {
        for (const kind of gesturesOf(hands[hand], hand, pose, time)) {
          events.push({ kind, trackId, label, hand });
        }
      }
    }
    return events;
  }
}

type Gesture = 'raised-hand' | 'waving';

function gesturesOf(watched: WatchedHand, hand: Hand, pose: Pose | undefined, time: number): Gesture[] {
  const arm = pose?.arms[hand];
  if (pose === undefined || arm === undefined) {
    if (time - watched.seenAt > UNSEEN_SECONDS) {
      watched.raised.miss();
      watched.waving.miss();
    }
    return [];
  }
  watched.seenAt = time;
  const gestures: Gesture[] = [];
  if (watched.raised.see(pose, arm, time)) gestures.push('raised-hand');
  if (watched.waving.see(pose, arm, time)) gestures.push('waving');
  return gestures;
}

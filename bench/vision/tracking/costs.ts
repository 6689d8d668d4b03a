import { performance } from 'node:perf_hooks';
import { Tracker } from '../../../peer/vision/tracking/tracker.ts';
import type { DetectedObject } from '../../../protocol/detections.ts';
import { median } from '../../report.ts';

/** Milliseconds, the median of many. */
interface TrackerCosts {
  readonly update: number;
  readonly at: number;
}

const RESULTS = 1500;
const WARM_UP = 500;
/** Frames that are drawn with each result. */
const FRAMES = 3;

/** Costs with so many objects of three classes, which cross each other's way all the time. */
export function measureTrackerCosts(objects: number): TrackerCosts {
  const tracker = new Tracker();
  const updates: number[] = [];
  const carries: number[] = [];
  for (let turn = 0; turn < RESULTS; turn++) {
    const time = turn / 10;
    const found = Array.from({ length: objects }, (_, index) => wanderer(index, time));
    const began = performance.now();
    tracker.update({ objects: found, time, width: 640, height: 480, threshold: 0.4 });
    const updated = performance.now();
    for (let frame = 0; frame < FRAMES; frame++) tracker.at(time + 0.06 + frame / 30);
    const carried = performance.now();
    if (turn < WARM_UP) continue;
    updates.push(updated - began);
    carries.push((carried - updated) / FRAMES);
  }
  return { update: median(updates), at: median(carries) };
}

/** Goes round on a figure of its own. */
function wanderer(index: number, time: number): DetectedObject {
  const x = 0.45 + 0.4 * Math.sin(time * 0.31 + index * 1.7);
  const y = 0.4 + 0.35 * Math.cos(time * 0.23 + index * 2.9);
  const score = 0.3 + 0.6 * ((index * 0.37 + time * 0.11) % 1);
  return { label: 'person', classId: index % 3, score, box: { x, y, width: 0.08, height: 0.2 } };
}

import type { Detections } from '../../protocol/detections.ts';
import type { Engine } from '../inference/engine.ts';
import { toRuns } from '../vision/mask-runs.ts';
import { round } from './recent.ts';
import type { LaneResult } from './task-lane.ts';

/** Where a result belongs. */
interface Place {
  readonly sessionId: string;
  readonly mid: string;
  readonly seq: number;
  readonly engine: Pick<Engine, 'manifest'>;
}

/** One message of the `detections` channel. */
export function toDetections(
  { objects, mask, events, captureTime, analysed: { record, size, result } }: LaneResult,
  { sessionId, mid, seq, engine }: Place,
): Detections {
  return {
    type: 'detections',
    v: 1,
    sessionId,
    mid,
    seq,
    rtpTimestamp: record.timestamp,
    captureTime,
    ...size,
    task: engine.manifest.task,
    model: engine.manifest.id,
    objects: [...objects],
    ...(mask === undefined ? {} : { mask: toRuns(mask) }),
    ...(events.length === 0 ? {} : { events: [...events] }),
    timings: {
      decode: round(record.decodedAt - record.arrivedAt),
      wait: round(result.timings.wait),
      infer: round(result.timings.prepare + result.timings.infer),
      ...(record.encodeMs === undefined ? {} : { encode: round(record.encodeMs) }),
      total: round(performance.now() - record.arrivedAt),
    },
  };
}

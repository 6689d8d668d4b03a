import type { Detections } from '../../protocol/detections.ts';
import type { SceneEvent } from '../../protocol/events.ts';

/** The events of a result, with the session and media section that the result names. */
export function readEvents({ events = [], sessionId, mid }: Detections): SceneEvent[] {
  return events.map((event) => ({ sessionId, mid, ...event }));
}

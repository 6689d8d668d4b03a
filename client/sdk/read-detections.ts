import type { Detections } from '../../protocol/detections.ts';

/**
 * Reads a message of the `detections` channel. The server has validated what it sends, so only the kind and version are
 * checked; null for anything else, so that newer servers may send more on this channel.
 */
export function readDetections(data: unknown): Detections | null {
  if (typeof data !== 'string') return null;
  try {
    const message: unknown = JSON.parse(data);
    return isDetections(message) ? message : null;
  } catch {
    return null;
  }
}

function isDetections(message: unknown): message is Detections {
  const { type, v, objects, timings } = (message ?? {}) as Partial<Record<keyof Detections, unknown>>;
  return type === 'detections' && v === 1 && Array.isArray(objects) && typeof timings === 'object';
}

import type { CallStats } from '../sdk/call-stats.ts';
import type { Choices } from './settings.ts';
import type { Step } from './step-averages.ts';

/**
 * Milliseconds from the last packet of a frame at the server to the first that is sent of it, from what results tell of
 * each step; null where nothing comes back, or before there is a result.
 * @param mean of a step, milliseconds
 */
export function serverMs(
  { output, sync }: Pick<Choices, 'output' | 'sync'>,
  mean: (step: Step) => number | null,
): number | null {
  const total = mean('total');
  if (output === 'data' || total === null) return null;
  if (output === 'passthrough') return 0; // forwarded as it comes
  const ready = sync === 'exact' ? total : (mean('decode') ?? 0);
  return ready + (mean('encode') ?? 0);
}

/**
 * About how late the returned picture is, in milliseconds: round trip, server and buffer, without what cameras, codecs and
 * screens take here, which no clock on this page can see. Null where a part is not known.
 */
export function delayMs(
  { roundTripMs, bufferedMs }: Pick<CallStats, 'roundTripMs' | 'bufferedMs'>,
  onServerMs: number | null,
): number | null {
  if (roundTripMs === null || bufferedMs === null || onServerMs === null) return null;
  return roundTripMs + onServerMs + bufferedMs;
}

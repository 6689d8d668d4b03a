import type { Detections } from '../../protocol/detections.ts';
import type { Call } from '../sdk/call.ts';
import type { Caller } from './caller.ts';
import type { Phase } from './phase.ts';

/** How many results and frames are kept; the oldest go first. */
const KEEP = 300;

/** What tests and benchmarks read as `window.__sightline`; there only where the address says `?debug`. */
interface DebugHandle {
  /** The call that is up, if one is. */
  call: Call | null;
  phase: Phase['name'];
  /** The newest results, oldest first, {@link KEEP} at most. */
  results: Detections[];
  /** RTP timestamps of the newest frames that were shown, oldest first. */
  frames: number[];
  /** Since the page was opened. */
  counters: { calls: number; results: number; frames: number };
}

declare global {
  interface Window {
    __sightline?: DebugHandle;
  }
}

/** Opens the handle, and returns what is to be told of each shown frame. */
export function openDebug(caller: Caller): (rtpTimestamp: number | undefined) => void {
  const counters = { calls: 0, results: 0, frames: 0 };
  const handle: DebugHandle = { call: null, phase: caller.phase.name, results: [], frames: [], counters };
  window.__sightline = handle;
  caller.on('phase', ({ name }) => {
    handle.phase = name;
  });
  caller.on('call', (call) => {
    handle.call = call;
    if (!call) return;
    counters.calls += 1;
    call.on('detections', (detections) => {
      counters.results += 1;
      handle.results = [...handle.results, detections].slice(-KEEP);
    });
  });
  return (rtpTimestamp) => {
    counters.frames += 1;
    if (rtpTimestamp !== undefined) handle.frames = [...handle.frames, rtpTimestamp].slice(-KEEP);
  };
}

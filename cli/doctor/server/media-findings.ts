import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { SessionDescription } from '../../../protocol/session.ts';
import type { Caller } from '../../webrtc/caller.ts';
import { type Findings, failed, ok, warning } from '../finding.ts';

/** How long loss and round trips are looked at. */
const MEASURE_MS = 2000;
/** Frames on their way at most, ten seconds of them; older ones are forgotten. */
const MAX_UNDERWAY = 300;
/** More is seen in the picture. */
const TOLERABLE_LOSS = 0.02;

export interface MediaOptions {
  /** In VP8, beginning with a key frame. */
  readonly film: readonly Uint8Array[];
  /** How long the first result and the first frame may take. */
  readonly timeoutMs: number;
  /** What the server says of the session. */
  readonly describe: () => Promise<SessionDescription | undefined>;
}

/** Sends the film over a call that stands, and tells what comes back. */
export async function* mediaFindings(caller: Caller, options: MediaOptions): Findings {
  const { film, timeoutMs, describe } = options;
  const began = performance.now();
  const signal = AbortSignal.timeout(timeoutMs);
  const came = (name: 'detections' | 'frame') =>
    once(caller, name, { signal }).then(
      () => Math.round(performance.now() - began),
      () => undefined,
    );
  const first = Promise.all([came('detections'), came('frame')]);
  const trips = measureTrips(caller, film);
  const [resultMs, frameMs] = await first;
  if (resultMs === undefined && frameMs === undefined) {
    const words = `Nothing came back within ${timeoutMs / 1000} s: ${received(await describe())}`;
    yield failed('media', 'media-silent', words);
    return;
  }
  yield resultMs === undefined
    ? failed('results', 'results-missing', `No result came within ${timeoutMs / 1000} s`)
    : ok('results', `The first result came after ${resultMs} ms`, { resultMs });
  yield frameMs === undefined
    ? failed('frames', 'frames-missing', `No annotated frame came within ${timeoutMs / 1000} s`)
    : ok('frames', `The first annotated frame came after ${frameMs} ms`, { frameMs });
  if (frameMs === undefined) return;
  await delay(MEASURE_MS);
  yield* tripFindings(trips);
  yield* lossFindings(caller);
}

/** Milliseconds from sending a frame until it is back annotated; both have the same RTP timestamp. */
function measureTrips(caller: Caller, film: readonly Uint8Array[]): readonly number[] {
  const sentAt = new Map<number, number>();
  const trips: number[] = [];
  caller.on('frame', ({ timestamp }) => {
    const at = sentAt.get(timestamp);
    if (at !== undefined) trips.push(performance.now() - at);
  });
  caller.send(film, (timestamp) => {
    sentAt.set(timestamp, performance.now());
    const [oldest] = sentAt.keys();
    if (oldest !== undefined && sentAt.size > MAX_UNDERWAY) sentAt.delete(oldest);
  });
  return trips;
}

async function* tripFindings(trips: readonly number[]): Findings {
  const median = trips.toSorted((a, b) => a - b)[Math.floor(trips.length / 2)];
  if (median === undefined) return;
  const frameTripMs = Math.round(median);
  const words = `A frame is back annotated after ${frameTripMs} ms (median of ${trips.length})`;
  yield ok('round-trip', words, { frameTripMs, frames: trips.length });
}

async function* lossFindings(caller: Caller): Findings {
  const { there, back } = caller.packets();
  const lossUp = there.missed / Math.max(1, there.packets);
  const lossDown = back.missed / Math.max(1, back.packets);
  const words = `${percent(lossUp)} of the packets were missing at first on the way there, ${percent(lossDown)} on the way back`;
  const figures = { lossUp, lossDown };
  if (Math.max(lossUp, lossDown) > TOLERABLE_LOSS)
    yield { ...warning('loss', 'packets-lost', words), figures };
  else yield ok('loss', words, figures);
}

function percent(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}

/** Where it stops, as the server sees it. */
function received(description: SessionDescription | undefined): string {
  const [track] = description?.tracks ?? [];
  if (track === undefined) return 'the server says nothing of it';
  return `the server received ${track.packetsIn} packets, decoded ${track.framesDecoded} frames and sent ${track.framesOut}`;
}

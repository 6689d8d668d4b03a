import { setTimeout as delay } from 'node:timers/promises';
import { codedFilm } from '../test/support/coded-film.ts';
import { FilmCaller } from './film-caller.ts';
import { LoadReading, undisturbed } from './machine-load.ts';
import { ProcessCpu } from './process-cpu.ts';
import { describeSession, type SightlineSystem } from './systems/sightline.ts';

/** How a media peer did with so many streams at once. */
export interface StreamsLevel {
  readonly streams: number;
  /** Of the stream that was worst off: milliseconds from the last packet in to the first out, and frames a second. */
  readonly p50: number;
  readonly p95: number;
  readonly fps: number;
  /** A second and stream. */
  readonly results: number;
  /** Shares of a core. */
  readonly cpu: number;
  readonly inference: number;
  readonly eventLoopDelayP99: number;
  /** Bytes. */
  readonly memory: number;
  /** Cores that others than this benchmark used. */
  readonly others: number;
}

/** A frame has to be out before the next is in. */
const MAX_P95_MS = 33;
const MIN_FPS = 28;
/** The server keeps the times of its last 300 frames, which are ten seconds. */
const WINDOW_MS = 11_000;

export function isGood({ p95, fps }: StreamsLevel): boolean {
  return p95 <= MAX_P95_MS && fps >= MIN_FPS;
}

/** Adds callers with film of 640×480 one by one until one of them suffers, or there are `max`. */
export async function measureStreams(
  system: SightlineSystem,
  max: number,
  calm: { readonly attempts: number; readonly patienceMs: number },
): Promise<StreamsLevel[]> {
  const film = await codedFilm('H264', 50, 0);
  const callers: FilmCaller[] = [];
  const levels: StreamsLevel[] = [];
  try {
    while (callers.length < max && levels.every(isGood)) {
      callers.push(await FilmCaller.call(system.url, film));
      levels.push(await undisturbed(() => measureLevel(system, callers), calm));
    }
  } finally {
    await Promise.all(callers.map((caller) => caller.close()));
  }
  return levels;
}

async function measureLevel(system: SightlineSystem, callers: readonly FilmCaller[]): Promise<StreamsLevel> {
  await delay(2000);
  const before = callers.map((caller) => caller.counts());
  const started = performance.now();
  const cpu = new ProcessCpu(system.pid);
  const load = new LoadReading();
  await delay(WINDOW_MS);
  const seconds = (performance.now() - started) / 1000;
  const { total, inference } = cpu.read();
  const after = callers.map((caller) => caller.counts());
  const rate = (name: 'frames' | 'results') =>
    after.map((count, i) => (count[name] - (before[i]?.[name] ?? 0)) / seconds);
  const { eventLoopDelayP99, residentMemory: memory } = await system.health();
  const sessions = await Promise.all(callers.map(({ sessionId }) => describeSession(system.url, sessionId)));
  const totals = sessions.flatMap(({ tracks }) => tracks.map(({ timings }) => timings['total']));
  return {
    streams: callers.length,
    p50: Math.max(...totals.map((spread) => spread?.p50 ?? Number.NaN)),
    p95: Math.max(...totals.map((spread) => spread?.p95 ?? Number.NaN)),
    fps: Math.min(...rate('frames')),
    results: Math.min(...rate('results')),
    cpu: total,
    inference,
    eventLoopDelayP99,
    memory,
    others: load.read().others,
  };
}

import { setTimeout as delay } from 'node:timers/promises';
import { startSightline } from '../test/support/sightline.ts';
import { FrameFeeder } from './doors/frame-feeder.ts';
import { filmFrames, noiseFrames } from './doors/frames.ts';
import { MjpegReader } from './doors/mjpeg-reader.ts';
import { watchDelays } from './doors/watch-delays.ts';
import { quantile } from './numbers.ts';
import { childrenOf, residentMemory } from './process-cpu.ts';
import { atLeast, atMost, type Figure, plain, report } from './report.ts';

const MEASURE_MS = 15_000;
const WARM_UP_MS = 3_000;
/** So many that what one of them holds stands out of what a process needs anyway. */
const STALLED = 60;
const STALL_MS = 8_000;

/** Frames over HTTP and WebSocket: how late they are for a reader at full speed, and what one costs that stops reading. */
export async function benchDoors(): Promise<void> {
  const film = await filmFrames();
  const figures = [...(await delays(film.jpegs)), ...(await stalled())];
  report('doors', figures, { origin: film.origin });
}

/** From before a frame is sent to when all of it, drawn and encoded anew, has come back by both doors at once. */
async function delays(jpegs: readonly Uint8Array[]): Promise<Figure[]> {
  const sightline = await startSightline();
  try {
    const feeder = await FrameFeeder.open(sightline.url, jpegs, 30);
    const { sessionId } = feeder;
    const reader = await MjpegReader.open(sightline.url, sessionId);
    const watcher = await watchDelays(sightline.url, sessionId);
    await delay(WARM_UP_MS);
    reader.take();
    watcher.take();
    await delay(MEASURE_MS);
    const [mjpeg, frames] = [reader.take().delays, watcher.take()];
    reader.close();
    watcher.close();
    feeder.close();
    return [...figuresOf('MJPEG', mjpeg), ...figuresOf('WebSocket', frames)];
  } finally {
    await sightline.close();
  }
}

function figuresOf(door: string, delays: readonly number[]): Figure[] {
  return [
    plain(`${door}: delay p50`, quantile(delays, 0.5), 'ms'),
    atMost(`${door}: delay p95`, quantile(delays, 0.95), 'ms', 150),
    atLeast(`${door}: frames`, (delays.length * 1000) / MEASURE_MS, '/s', 25),
  ];
}

/** The same readers, reading and then not: what is more is held for them. Noise, whose JPEGs are large. */
async function stalled(): Promise<Figure[]> {
  const sightline = await startSightline();
  try {
    const feeder = await FrameFeeder.open(sightline.url, await noiseFrames(), 10);
    const open = () => MjpegReader.open(sightline.url, feeder.sessionId, '?quality=95&fps=1');
    const readers = await Promise.all(Array.from({ length: STALLED }, open));
    const signaling = sightline.child.pid ?? 0;
    const processes = { 'media peer': childrenOf(signaling)[0] ?? 0, signaling };
    await delay(STALL_MS);
    const frameBytes = readers[0]?.take().frameBytes ?? 0;
    const names = Object.keys(processes) as (keyof typeof processes)[];
    const before = await memoryOf(Object.values(processes));
    for (const reader of readers) reader.stall();
    await delay(STALL_MS);
    const after = await memoryOf(Object.values(processes));
    for (const reader of readers) reader.close();
    feeder.close();
    return [
      plain('Frame of the stalled readers', frameBytes / 1000, 'kB'),
      ...names.map((name, index) => {
        const grown = (after[index] ?? 0) - (before[index] ?? 0);
        return atMost(`Memory of ${name} for one stalled reader`, grown / STALLED / frameBytes, 'frames', 2);
      }),
    ];
  } finally {
    await sightline.close();
  }
}

/** Bytes; the median of a second, as collections come and go. */
async function memoryOf(pids: readonly number[]): Promise<number[]> {
  const samples: number[][] = pids.map(() => []);
  for (let index = 0; index < 10; index++) {
    for (const [at, pid] of pids.entries()) samples[at]?.push(residentMemory(pid));
    await delay(100);
  }
  return samples.map((sample) => quantile(sample, 0.5));
}

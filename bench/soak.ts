import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { launchBrowser } from '../test/support/browser.ts';
import { cameraFile } from '../test/support/camera.ts';
import { codedFilm } from '../test/support/coded-film.ts';
import { writeBenchPage } from './bench-page.ts';
import { FilmCaller } from './film-caller.ts';
import { LoadReading } from './machine-load.ts';
import { growthByThirds, quantile, slopePerMinute } from './numbers.ts';
import { PageServer } from './page-server.ts';
import { ProbePage } from './probe-page.ts';
import { atMost, type Figure, median, plain, report } from './report.ts';
import { describeSession, SightlineSystem } from './systems/sightline.ts';

const SAMPLE_MS = 5000;
const WARM_UP_MS = 15_000;
const BITRATE = 1_500_000;

/** One moment of a soak. */
export interface SoakSample {
  readonly minutes: number;
  /** MiB. */
  readonly memory: number;
  readonly natives: number;
  readonly handles: number;
  /** Milliseconds: glass to glass of the one browser, in → out of the slowest stream, event loop. */
  readonly glass: number;
  readonly server: number;
  readonly eventLoopDelayP99: number;
  /** Frames a second that the browser decoded, cores that others used. */
  readonly fps: number;
  readonly others: number;
}

/**
 * Three streams at once for as long as is asked for: one of a browser that measures glass to glass, and two that cost
 * next to nothing. Neither memory nor delay may grow.
 */
export async function benchSoak(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { minutes: { type: 'string', default: '60' } } });
  await using stack = new AsyncDisposableStack();
  const pages = stack.adopt(await PageServer.open(), (server) => server.close());
  const sightline = stack.adopt(await SightlineSystem.open(), (system) => system.close());
  const browser = stack.adopt(await launchBrowser(), (opened) => opened.close());
  const probe = await ProbePage.open(browser, pages, pages.addFilm(await cameraFile()));
  await probe.call(sightline, { codec: sightline.codec, maxBitrate: BITRATE });
  const film = await codedFilm('H264', 50, 0);
  const callers = [await FilmCaller.call(sightline.url, film), await FilmCaller.call(sightline.url, film)];
  for (const caller of callers) stack.defer(() => caller.close());
  await delay(WARM_UP_MS);
  const samples = await collect(Number(values.minutes), () => sample(probe, sightline, callers));
  report('soak', soakFigures(samples), { samples });
  console.log(`Plots: ${writeBenchPage()}`);
}

async function collect(
  minutes: number,
  take: () => Promise<Omit<SoakSample, 'minutes'>>,
): Promise<SoakSample[]> {
  const started = performance.now();
  const samples: SoakSample[] = [];
  await take();
  for (let at = 0; at < minutes; at = (performance.now() - started) / 60_000) {
    const taken = await take();
    samples.push({ minutes: (performance.now() - started) / 60_000, ...taken });
    if (samples.length % 12 === 0) console.log(sampleLine(samples));
  }
  return samples;
}

async function sample(
  probe: ProbePage,
  sightline: SightlineSystem,
  callers: readonly FilmCaller[],
): Promise<Omit<SoakSample, 'minutes'>> {
  const load = new LoadReading();
  await delay(SAMPLE_MS);
  const reading = await probe.read();
  const health = await sightline.health();
  const sessions = await Promise.all([
    sightline.describe(),
    ...callers.map(({ sessionId }) => describeSession(sightline.url, sessionId)),
  ]);
  return {
    memory: health.residentMemory / 2 ** 20,
    natives: health.natives,
    handles: health.handles,
    glass: quantile(reading.latencies, 0.5),
    server: Math.max(...sessions.map(({ tracks }) => tracks[0]?.timings['total']?.p50 ?? Number.NaN)),
    eventLoopDelayP99: health.eventLoopDelayP99,
    fps: Number(reading.totals['framesDecoded']) / reading.seconds,
    others: load.read().others,
  };
}

function sampleLine(samples: readonly SoakSample[]): string {
  const { minutes, memory, glass, server, fps } = samples.at(-1) ?? {};
  const [m, g, s] = [memory, glass, server].map((value) => value?.toFixed(1));
  return `after ${minutes?.toFixed(1)} min: ${m} MiB, glass to glass ${g} ms, in → out ${s} ms, ${fps?.toFixed(1)} frames/s`;
}

function soakFigures(samples: readonly SoakSample[]): Figure[] {
  const series = (name: keyof SoakSample) => samples.map((taken) => taken[name]);
  const slope = (name: keyof SoakSample) =>
    slopePerMinute(samples.map((taken) => ({ minutes: taken.minutes, value: taken[name] })));
  return [
    plain('minutes at 3 streams', samples.at(-1)?.minutes ?? 0),
    plain('memory, median', median(series('memory')), 'MiB'),
    plain('memory, slope', slope('memory'), 'MiB a minute'),
    atMost('memory, growth from the first third to the last', growthByThirds(series('memory')), '%', 5),
    plain('glass to glass, median', median(series('glass')), 'ms'),
    plain('glass to glass, slope', slope('glass'), 'ms a minute'),
    atMost(
      'glass to glass, growth from the first third to the last',
      growthByThirds(series('glass')),
      '%',
      10,
    ),
    plain('last packet in → first packet out, median of the slowest stream', median(series('server')), 'ms'),
    plain('last packet in → first packet out, slope', slope('server'), 'ms a minute'),
    plain('event-loop delay, p99 of the median second', median(series('eventLoopDelayP99')), 'ms'),
    plain('frames returned to the browser', median(series('fps')), '/s'),
    atMost(
      'native objects, last less first',
      (series('natives').at(-1) ?? 0) - (series('natives')[0] ?? 0),
      '',
      10,
    ),
    atMost(
      'timers and sockets, last less first',
      (series('handles').at(-1) ?? 0) - (series('handles')[0] ?? 0),
      '',
      2,
    ),
    plain('cores that others used, median', median(series('others')), 'cores'),
  ];
}

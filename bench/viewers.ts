import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { syntheticFilm } from '../test/support/coded-film.ts';
import { FilmCaller } from './film-caller.ts';
import { LoadReading } from './machine-load.ts';
import { ProcessCpu } from './process-cpu.ts';
import { atLeast, atMost, plain, report } from './report.ts';
import { describeSession, SightlineSystem } from './systems/sightline.ts';
import { LightViewer } from './viewers/light-viewer.ts';

const SETTLE_MS = 2000;
const WINDOW_MS = 6_000;
/** Of a core, for each viewer. */
const MAX_SHARE_PERCENT = 1.5;
const MIN_FPS = 28;

/** How a media peer did while so many watched one session. */
interface ViewersLevel {
  readonly viewers: number;
  /** Shares of a core: the media peer, and its models alone. */
  readonly cpu: number;
  readonly inference: number;
  readonly eventLoopDelayP99: number;
  /** Encodings that were made, and frames a second of them. */
  readonly encodings: number;
  readonly encodedFps: number;
  /** Of the viewer that was worst off, a second. */
  readonly fps: number;
  /** Bits a second that each got. */
  readonly bitrate: number;
  /** Frames that were left out for somebody. */
  readonly skipped: number;
  /** Cores that others than this benchmark used. */
  readonly others: number;
}

/** One session of 640×480 that many watch over WHEP: what each costs the media peer. */
export async function benchViewers(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { count: { type: 'string', default: '50' } } });
  const count = Number(values.count);
  await using stack = new AsyncDisposableStack();
  const environment = { SIGHTLINE_MAX_VIEWERS: String(count) };
  const system = stack.adopt(await SightlineSystem.open(environment), (opened) => opened.close());
  // The model is not what is measured: it looks at a frame a second.
  const options = { direction: 'sendonly', settings: { rate: 1 } } as const;
  const caller = stack.adopt(
    await FilmCaller.call(system.url, await syntheticFilm('H264', 60, 0), options),
    (opened) => opened.close(),
  );
  const viewers: LightViewer[] = [];
  stack.defer(async () => {
    await Promise.all(viewers.map((viewer) => viewer.close()));
  });
  const levels: ViewersLevel[] = [];
  for (const wanted of [0, 1, Math.round(count / 2), count]) {
    while (viewers.length < wanted) viewers.push(await LightViewer.watch(system.url, caller.sessionId));
    levels.push(await measure(system, caller.sessionId, viewers));
    console.log(JSON.stringify(levels.at(-1)));
  }
  const [, one, , all] = levels;
  if (one === undefined || all === undefined) throw new Error('Expected four levels');
  // The first viewer has the encoder started: what the others cost is what a viewer costs.
  const others = withoutModels(all) - frameSeconds(one) * all.encodedFps;
  report(
    'viewers',
    [
      atMost(
        'processor for each viewer',
        (100 * others) / Math.max(1, count - 1),
        '% of a core',
        MAX_SHARE_PERCENT,
      ),
      atMost(`encodings for ${count} viewers`, all.encodings, '', 1),
      // Where fewer come, the machine was too busy for the figure above to mean anything.
      atLeast('frames a second, worst viewer', all.fps, '', MIN_FPS),
      plain('bits a second and viewer', all.bitrate / 1e6, 'Mbit/s'),
      plain('frames left out', all.skipped),
      plain('media peer without viewers', 100 * (levels[0]?.cpu ?? 0), '% of a core'),
      plain(`media peer with ${count}`, 100 * all.cpu, '% of a core'),
      plain('event loop, p99', all.eventLoopDelayP99, 'ms'),
    ],
    levels,
  );
}

/** Seconds of a core that the media peer spends on one frame, its models left out. */
function frameSeconds(level: ViewersLevel): number {
  return withoutModels(level) / level.encodedFps;
}

function withoutModels({ cpu, inference }: ViewersLevel): number {
  return cpu - inference;
}

async function measure(
  system: SightlineSystem,
  sessionId: string,
  viewers: readonly LightViewer[],
): Promise<ViewersLevel> {
  await delay(SETTLE_MS);
  const before = viewers.map((viewer) => viewer.counts());
  const framesBefore = await encoded(system, sessionId);
  const started = performance.now();
  const cpu = new ProcessCpu(system.pid);
  const load = new LoadReading();
  await delay(WINDOW_MS);
  const seconds = (performance.now() - started) / 1000;
  const { total, inference } = cpu.read();
  const { others } = load.read();
  const after = viewers.map((viewer) => viewer.counts());
  const rate = (name: 'frames' | 'bytes') =>
    after.map((counts, index) => (counts[name] - (before[index]?.[name] ?? 0)) / seconds);
  const now = await encoded(system, sessionId);
  return {
    viewers: viewers.length,
    cpu: total,
    inference,
    eventLoopDelayP99: (await system.health()).eventLoopDelayP99,
    encodings: now.encodings,
    encodedFps: (now.frames - framesBefore.frames) / seconds,
    fps: Math.min(...rate('frames')),
    bitrate: (8 * rate('bytes').reduce((sum, bytes) => sum + bytes, 0)) / Math.max(1, viewers.length),
    skipped: now.skipped - framesBefore.skipped,
    others,
  };
}

async function encoded(system: SightlineSystem, sessionId: string) {
  const { watching } = await describeSession(system.url, sessionId);
  const sum = (values: readonly number[] = []) => values.reduce((total, value) => total + value, 0);
  return {
    encodings: watching?.encodings.length ?? 0,
    frames: sum(watching?.encodings.map(({ frames }) => frames)),
    skipped: sum(watching?.viewers.map(({ framesSkipped }) => framesSkipped)),
  };
}

import { parseArgs } from 'node:util';
import { bitrateFor } from '../peer/pipeline/bitrate.ts';
import type { Size } from '../peer/vision/letterbox.ts';
import { launchBrowser } from '../test/support/browser.ts';
import { cameraFile } from '../test/support/camera.ts';
import { writeBenchPage } from './bench-page.ts';
import { type KernelCosts, measureKernels } from './kernels.ts';
import { latencyFigures } from './latency-figures.ts';
import { measureRound, type Round } from './latency-round.ts';
import { undisturbed } from './machine-load.ts';
import { PageServer } from './page-server.ts';
import { ProbePage } from './probe-page.ts';
import { report } from './report.ts';
import { measureStreams, type StreamsLevel } from './streams.ts';
import { AiortcSystem } from './systems/aiortc.ts';
import { FloorSystem } from './systems/floor.ts';
import { SightlineSystem } from './systems/sightline.ts';
import type { System } from './systems/system.ts';

/** The most that Sightline encodes at, whatever the size; the default of SIGHTLINE_MAX_BITRATE. */
const MAX_BITRATE = 2_500_000;

/** Everything that was measured of one picture size. */
export interface SizeResult {
  readonly size: string;
  readonly bitrate: number;
  readonly kernels: KernelCosts;
  readonly rounds: readonly Round[];
}

export interface LatencyResult {
  readonly sizes: readonly SizeResult[];
  readonly streams: readonly StreamsLevel[];
}

/**
 * Glass to glass beside the floor and beside aiortc, in turns; what a stream costs beside what it cannot cost less than;
 * and how many streams a media peer carries.
 */
export async function benchLatency(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '10' },
      'warm-up': { type: 'string', default: '6' },
      sizes: { type: 'string', default: '640x480,1280x720' },
      systems: { type: 'string', default: 'sightline,floor-h264,floor-vp8,aiortc' },
      'max-streams': { type: 'string', default: '8' },
      attempts: { type: 'string', default: '3' },
      patience: { type: 'string', default: '30' },
    },
  });
  const calm = { attempts: Number(values.attempts), patienceMs: Number(values.patience) * 1000 };
  const timing = { seconds: Number(values.seconds), warmUpSeconds: Number(values['warm-up']) };
  await using stack = new AsyncDisposableStack();
  const pages = stack.adopt(await PageServer.open(), (server) => server.close());
  const sightline = stack.adopt(await SightlineSystem.open(), (system) => system.close());
  const streams = await measureStreams(sightline, Number(values['max-streams']), calm);
  const sizes: SizeResult[] = [];
  for (const size of values.sizes.split(',').map(parseSize)) {
    const bitrate = bitrateFor(size.width, size.height, MAX_BITRATE);
    const kernels = await measureKernels(size, bitrate);
    const wanted = values.systems.split(',');
    const turns = { pages, sightline, size, bitrate, wanted, rounds: Number(values.rounds), timing, calm };
    const rounds = await inTurns(turns);
    sizes.push({ size: nameOf(size), bitrate, kernels, rounds });
  }
  const result: LatencyResult = { sizes, streams };
  report('latency', latencyFigures(result), result);
  console.log(`Plots: ${writeBenchPage()}`);
}

interface Turns {
  readonly pages: PageServer;
  readonly sightline: SightlineSystem;
  readonly size: Size;
  readonly bitrate: number;
  readonly wanted: readonly string[];
  readonly rounds: number;
  readonly timing: { readonly seconds: number; readonly warmUpSeconds: number };
  readonly calm: { readonly attempts: number; readonly patienceMs: number };
}

/** Measures each system once a round, in an order that moves on by one from round to round. */
async function inTurns({
  pages,
  sightline,
  size,
  bitrate,
  wanted,
  rounds,
  timing,
  calm,
}: Turns): Promise<Round[]> {
  await using stack = new AsyncDisposableStack();
  const browser = stack.adopt(await launchBrowser(), (opened) => opened.close());
  const film = pages.addFilm(await cameraFile('asl_milk.mkv', size.width, size.height));
  const probe = await ProbePage.open(browser, pages, film);
  const systems: System[] = [];
  for (const name of wanted) {
    const system = name === sightline.name ? sightline : await openSystem(name, pages, bitrate);
    if (!system) continue;
    if (system !== sightline) stack.defer(() => system.close());
    systems.push(system);
  }
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < systems.length; turn++) {
      const system = systems[(round + turn) % systems.length];
      if (!system) continue;
      const options = { size: nameOf(size), maxBitrate: bitrate, ...timing };
      measured.push(await undisturbed(() => measureRound(probe, system, options), calm));
      console.log(roundLine(measured.at(-1), round));
    }
  }
  return measured;
}

/** undefined where it is not installed, which is said. */
async function openSystem(name: string, pages: PageServer, bitrate: number): Promise<System | undefined> {
  switch (name) {
    case 'floor-h264':
      return FloorSystem.open(pages, 'H264');
    case 'floor-vp8':
      return FloorSystem.open(pages, 'VP8');
    case 'aiortc': {
      const version = AiortcSystem.version();
      if (version) return AiortcSystem.open(version, bitrate);
      console.log('aiortc is left out: it is not installed (Debian: python3-aiortc and python3-aiohttp)');
      return undefined;
    }
    default:
      throw new Error(`Cannot measure ${name}: expected sightline, floor-h264, floor-vp8 or aiortc`);
  }
}

function roundLine(round: Round | undefined, number: number): string {
  if (!round) return '';
  const { size, system, latency, others } = round;
  const times = `p50 ${latency.p50.toFixed(1)} p95 ${latency.p95.toFixed(1)} p99 ${latency.p99.toFixed(1)} ms`;
  return `${size} round ${number + 1} ${system}: ${times}, others used ${others.toFixed(2)} of a core`;
}

function parseSize(text: string): Size {
  const [width, height] = text.split('x').map(Number);
  if (!width || !height || width % 2 || height % 2) {
    throw new Error(`Cannot measure at ${text}: expected an even width and height such as 640x480`);
  }
  return { width, height };
}

function nameOf({ width, height }: Size): string {
  return `${width}×${height}`;
}

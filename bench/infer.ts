import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setInterval } from 'node:timers/promises';
import { type Sightline, startSightline } from '../test/support/sightline.ts';
import { Alone } from './infer/alone.ts';
import { makePictures, type Pictures, QUALITIES } from './infer/pictures.ts';
import { quantile } from './numbers.ts';
import { childrenOf, ProcessCpu, residentMemory } from './process-cpu.ts';
import { atLeast, atMost, type Figure, median, plain, report } from './report.ts';

const ROUNDS = 16;
const ROUND_MS = 1_000;
/** Requests, or images, under way at a time: a media peer then always has one to decode and one to run. */
const WIDTH = 6;
const PAIRS = 40;
const BATCHES = [8, 64] as const;
const MEMORY_SAMPLE_MS = 10;

/** Still pictures of 1080p over HTTP: what the way there costs beside decoder and model. */
export async function benchInfer(): Promise<void> {
  const pictures = await makePictures();
  const jpeg = pictures.jpegs.get(80) ?? new Uint8Array();
  const sightline = await startSightline();
  const post = poster(sightline.url);
  try {
    const figures = [
      ...(await throughput(jpeg, post, sightline)),
      ...(await encodings(jpeg, post)),
      ...(await memory(jpeg, post, sightline)),
      ...(await wireTable(pictures, post)),
    ];
    report('infer', figures, { origin: pictures.origin });
  } finally {
    await sightline.close();
  }
}

type Post = (body: Uint8Array | string, type: string) => Promise<void>;

/** Asks over connections that stay, by the plain client of Node: `fetch()` would take more of the machine than it tells. */
function poster(url: string): Post {
  const agent = new Agent({ keepAlive: true, maxSockets: WIDTH });
  return async (body, type) => {
    const headers = { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) };
    const asked = request(new URL('/infer', url), { method: 'POST', agent, headers }).end(body);
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    const answer = await text(response);
    if (response.statusCode !== 200 || answer.includes('"error"')) {
      throw new Error(`${response.statusCode}: ${answer}`);
    }
  };
}

/** In turns, so that whatever else the machine does falls on both. */
async function throughput(jpeg: Uint8Array, post: Post, { child }: Sightline): Promise<Figure[]> {
  await using alone = await Alone.open();
  const signaling = child.pid ?? 0;
  const ways = {
    alone: { work: () => alone.look(jpeg), processes: [process.pid] },
    http: { work: () => post(jpeg, 'image/jpeg'), processes: [signaling, ...childrenOf(signaling)] },
  };
  await rateOf(ways.alone);
  await rateOf(ways.http);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const order = round % 2 === 0 ? (['alone', 'http'] as const) : (['http', 'alone'] as const);
    const found = { alone: { rate: 0, cpuMs: 0 }, http: { rate: 0, cpuMs: 0 } };
    for (const way of order) found[way] = await rateOf(ways[way]);
    rounds.push(found);
  }
  // Of the rounds that other work on the machine has held up least.
  const best = (rates: number[]) => quantile(rates, 0.9);
  const aloneRate = best(rounds.map((round) => round.alone.rate));
  const httpRate = best(rounds.map((round) => round.http.rate));
  return [
    plain('decoder and model alone', aloneRate, 'images/s'),
    plain('POST /infer, one JPEG each', httpRate, 'requests/s'),
    atLeast('share of that', httpRate / aloneRate, '×', 0.9),
    plain('decoder and model alone: processor', median(rounds.map((round) => round.alone.cpuMs)), 'ms/image'),
    plain('POST /infer: processor', median(rounds.map(({ http }) => http.cpuMs)), 'ms/request'),
    plain('that share', median(rounds.map((round) => round.alone.cpuMs / round.http.cpuMs)), '×'),
  ];
}

interface Way {
  readonly work: () => Promise<void>;
  /** Whose processor time counts; who asks is not the server's. */
  readonly processes: readonly number[];
}

/** Results a second, and milliseconds of a core for each. */
async function rateOf({ work, processes }: Way): Promise<{ rate: number; cpuMs: number }> {
  const meters = processes.map((pid) => new ProcessCpu(pid));
  const startedAt = performance.now();
  let count = 0;
  const loop = async () => {
    while (performance.now() - startedAt < ROUND_MS) {
      await work();
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, loop));
  const elapsedMs = performance.now() - startedAt;
  const cores = meters.reduce((sum, meter) => sum + meter.read().total, 0);
  return { rate: (count * 1000) / elapsedMs, cpuMs: (cores * elapsedMs) / count };
}

async function encodings(jpeg: Uint8Array, post: Post): Promise<Figure[]> {
  const bytes: number[] = [];
  const base64: number[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) await timePair(pair, jpeg, post, { bytes, base64 });
  return [
    plain('one JPEG as bytes', undisturbed(bytes), 'ms'),
    plain('one JPEG in base64 in JSON', undisturbed(base64), 'ms'),
    atMost('base64 against bytes', undisturbed(base64) / undisturbed(bytes), '×', 1.25),
  ];
}

/** Both ways, the one first that was second the last time. */
async function timePair(
  pair: number,
  jpeg: Uint8Array,
  post: Post,
  { bytes, base64 }: { bytes: number[]; base64: number[] },
): Promise<void> {
  const ways = [
    async () => bytes.push(await msOf(() => post(jpeg, 'image/jpeg'))),
    async () => base64.push(await msOf(() => post(asJson(jpeg, 1), 'application/json'))),
  ];
  for (const way of pair % 2 === 0 ? ways : ways.toReversed()) await way();
}

async function memory(jpeg: Uint8Array, post: Post, { child }: Sightline): Promise<Figure[]> {
  const peer = childrenOf(child.pid ?? 0)[0] ?? 0;
  const peaks: number[] = [];
  for (const count of BATCHES) {
    const body = asJson(jpeg, count);
    await post(body, 'application/json');
    peaks.push(await peakOf(peer, () => post(body, 'application/json')));
  }
  const [few = 0, many = 0] = peaks;
  return [
    plain('memory of the peer with a batch of 8', few / 1e6, 'MB'),
    plain('memory of the peer with a batch of 64', many / 1e6, 'MB'),
    atMost('64 against 8', many / few, '×', 2),
  ];
}

async function peakOf(pid: number, work: () => Promise<void>): Promise<number> {
  const ended = new AbortController();
  let peak = 0;
  const sampled = (async () => {
    for await (const _ of setInterval(MEMORY_SAMPLE_MS)) {
      peak = Math.max(peak, residentMemory(pid));
      if (ended.signal.aborted) return;
    }
  })();
  await work();
  ended.abort();
  await sampled;
  return peak;
}

/** One frame in each form: bytes on the wire, and the time from having the frame to having its result. */
async function wireTable({ rgb, jpegs, encodingMs }: Pictures, post: Post): Promise<Figure[]> {
  const raw = Buffer.from(rgb);
  const figures = [
    plain('raw uint8', raw.length, 'bytes'),
    plain('raw uint8 in base64', base64Bytes(raw.length), 'bytes'),
    plain('raw uint8 to base64', await msOf(async () => void raw.toString('base64')), 'ms'),
  ];
  for (const quality of QUALITIES) {
    const jpeg = jpegs.get(quality) ?? new Uint8Array();
    const name = `JPEG ${quality}`;
    const bytes: number[] = [];
    const base64: number[] = [];
    for (let pair = 0; pair < PAIRS / 4; pair += 1) await timePair(pair, jpeg, post, { bytes, base64 });
    figures.push(
      plain(name, jpeg.length, 'bytes'),
      plain(`${name} in base64`, base64Bytes(jpeg.length), 'bytes'),
      plain(`${name}: encoding`, encodingMs.get(quality) ?? Number.NaN, 'ms'),
      plain(`${name} as bytes: request`, undisturbed(bytes), 'ms'),
      plain(`${name} in base64: request`, undisturbed(base64), 'ms'),
    );
  }
  return figures;
}

function base64Bytes(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

function asJson(jpeg: Uint8Array, count: number): string {
  return JSON.stringify({ images: Array(count).fill(Buffer.from(jpeg).toString('base64')) });
}

/** The quarter of the samples that other work on the machine has held up least ends here. */
function undisturbed(samples: readonly number[]): number {
  return quantile(samples, 0.25);
}

async function msOf(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferRun } from '../cli/infer/infer-run.ts';
import { readInferOptions } from '../cli/infer/options.ts';
import { readSettings } from '../cli/infer/settings.ts';
import { resolveModel } from '../models/resolve.ts';
import { nativeCodecs } from '../peer/codec/native/codecs.ts';
import { busyShare } from './files/busy.ts';
import { street1080p50, streetOf } from './files/films.ts';
import { drawingMs, readAll, type Taken, transcode } from './files/stages.ts';
import { LoadReading } from './machine-load.ts';
import { mean } from './numbers.ts';
import { atLeast, type Figure, median, plain, report } from './report.ts';
import { BareLoop, type LoopRate } from './scheduling/bare-loop.ts';

const MODEL = 'yolox-nano';
const FRAMES = 150;
/** Odd: the median is one of them. */
const ROUNDS = 5;
const BARE_MS = 2_000;
const FILM_SECONDS = 10;
const FILM_RATE = 50;
/** Pictures a second that the model looks at, of the film in 1080p. */
const LOOKS = 10;

/** `sightline infer` beside its parts alone, and what a 1080p film at 50 pictures a second costs. */
export async function benchFiles(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sightline-files-'));
  const loops: BareLoop[] = [];
  const load = new LoadReading();
  try {
    const { modelsDir, cacheDir, inferenceWorkers, inferenceThreads } = readSettings(process.env);
    const directory = modelsDir === undefined ? {} : { directory: modelsDir };
    const model = await resolveModel(MODEL, { ...directory, cacheDir, download: false });
    for (let worker = 0; worker < inferenceWorkers; worker++)
      loops.push(await BareLoop.start(model, inferenceThreads));
    const street = await streetFigures(folder, loops);
    const busy = await busyShare(await streetOf(FRAMES, folder), model, inferenceWorkers);
    const large = await largeFigures(folder, loops);
    const { others } = load.read();
    const surroundings = plain(
      'cores that other programs used meanwhile',
      others,
      `of ${availableParallelism()}`,
    );
    report('files', [
      ...street,
      plain('share of the time that the threads of the model work', busy),
      ...large,
      surroundings,
    ]);
  } finally {
    for (const loop of loops) await loop[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Every picture looked at, in turns with the parts on the same threads. */
async function streetFigures(folder: string, loops: readonly BareLoop[]): Promise<Figure[]> {
  const film = await streetOf(FRAMES, folder);
  const rounds: Round[] = [];
  const startMs = await startCost(folder);
  for (let round = 0; round < ROUNDS; round++) rounds.push(await playRound(film, folder, { loops, startMs }));
  const shares = rounds.map(
    ({ infer, codecs, model }) => infer.rate / (1 / (1 / codecs.rate + 1 / model.rate)),
  );
  const costs = rounds.map(({ infer, codecs, model }) => (codecs.cpuMs + model.cpuMs) / infer.cpuMs);
  const medians = (of: keyof Round) => {
    const rate = median(rounds.map((round) => round[of].rate));
    const cpuMs = median(rounds.map((round) => round[of].cpuMs));
    return `${rate.toFixed(1)} pictures/s, ${cpuMs.toFixed(1)} ms of processor time each`;
  };
  return [
    plain('768×576, infer with --save and --jsonl, median', medians('infer')),
    plain('decode + encode alone, median', medians('codecs')),
    plain(`model alone, ${loops.length} threads, median`, medians('model')),
    plain('infer beside the parts, each round', shares.map((share) => share.toFixed(2)).join(' ')),
    atLeast('infer beside decode + model + encode, median', median(shares), '×', 0.9),
    plain('processor time of the parts beside that of infer, median', median(costs), '×'),
  ];
}

/** Pictures a second, and milliseconds of processor time for each. */
type Cost = LoopRate;

interface Round {
  readonly infer: Cost;
  readonly codecs: Cost;
  readonly model: Cost;
}

/** Milliseconds of processor time of a run over one picture: loading the model, above all. */
async function startCost(folder: string): Promise<number> {
  const film = await streetOf(1, folder, 'start.avi');
  const cpu = process.cpuUsage();
  await infer(film, '--save', join(folder, 'start.mp4'));
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / 1000;
}

async function playRound(
  film: string,
  folder: string,
  { loops, startMs }: { readonly loops: readonly BareLoop[]; readonly startMs: number },
): Promise<Round> {
  const outputs = ['--save', join(folder, 'out.mp4'), '--jsonl', join(folder, 'out.jsonl')];
  const before = await modelRate(loops);
  const cpu = process.cpuUsage();
  const { seconds, frames } = await infer(film, ...outputs);
  const { user, system } = process.cpuUsage(cpu);
  const bare = await transcode(film, join(folder, 'bare.mp4'), nativeCodecs, { drawn: false });
  const after = await modelRate(loops);
  return {
    infer: { rate: frames / seconds, cpuMs: ((user + system) / 1000 - startMs) / frames },
    codecs: { rate: rateOf(bare), cpuMs: (1000 * bare.cpuSeconds) / bare.frames },
    model: { rate: (before.rate + after.rate) / 2, cpuMs: (before.cpuMs + after.cpuMs) / 2 },
  };
}

async function largeFigures(folder: string, loops: readonly BareLoop[]): Promise<Figure[]> {
  const film = await street1080p50(FILM_SECONDS, folder);
  const out = join(folder, 'large.mp4');
  const { rate: model } = await modelRate(loops);
  const decoded = await readAll(film, nativeCodecs);
  const drawn = await transcode(film, out, nativeCodecs, { drawn: true });
  const undrawn = await transcode(film, out, nativeCodecs, { drawn: false });
  const drawMs = median(await drawingMs(film, nativeCodecs));
  const inferred = await infer(film, '--every', String(FILM_RATE / LOOKS), '--save', out);
  const cores = drawn.cpuSeconds / (drawn.frames / FILM_RATE);
  return [
    plain('1080p50, decode alone', realTime(decoded), '× real time'),
    plain('– decode + encode', realTime(undrawn), '× real time'),
    plain('– drawing 7 objects, with the copy of the picture, median', drawMs, 'ms'),
    atLeast('– decode + draw + encode', realTime(drawn), '× real time', 1),
    plain('– processor time of that', cores, 'cores at real time'),
    plain(`– the model alone, ${LOOKS} a second`, model / LOOKS, '× real time'),
    plain(
      `– decode + model at ${LOOKS}/s + draw + encode`,
      inferred.frames / FILM_RATE / inferred.seconds,
      '× real time',
    ),
  ];
}

/** Of the model on all threads together. */
async function modelRate(loops: readonly BareLoop[]): Promise<Cost> {
  const rates = await Promise.all(loops.map((loop) => loop.run(BARE_MS)));
  return { rate: sumOf(rates.map(({ rate }) => rate)), cpuMs: mean(rates.map(({ cpuMs }) => cpuMs)) };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function infer(film: string, ...options: string[]) {
  const run = new InferRun(readInferOptions([film, '--quiet', '--model', MODEL, ...options]));
  return run.run(readSettings(process.env));
}

function rateOf({ frames, seconds }: Taken): number {
  return frames / seconds;
}

function realTime(taken: Taken): number {
  return rateOf(taken) / FILM_RATE;
}

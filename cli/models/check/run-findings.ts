import type { ModelManifest } from '../../../models/manifest.ts';
import type { ModelSession } from '../../../peer/inference/model-session.ts';
import type { Picture } from '../../../peer/vision/stages/picture.ts';
import { SightlineError } from '../../../protocol/errors.ts';
import { reasonOf } from '../../doctor/finding.ts';
import { failed, type ModelFinding, ok, warning } from './finding.ts';
import { foundFindings } from './found-findings.ts';
import { betterNormalisation } from './normalisation.ts';
import { outputFindings } from './output-findings.ts';
import { readPicture } from './read-picture.ts';
import { plainPicture, stripedPicture, type Trial, tryOn } from './trial.ts';

/** What to check a model with. */
export interface CheckOptions {
  /** A picture to look at; a grey one when left out. */
  readonly picture: string | undefined;
  /** The ffmpeg that reads it; the one that a media peer would take when undefined. */
  readonly ffmpegPath: string | undefined;
}

/** Runs that are timed, after the first two, which cost more. */
const RUNS = 5;

/**
 * Runs a model on the picture, or on a grey one, and looks at what comes out.
 *
 * @returns what of the normalisation had better be another
 */
export async function* runFindings(
  session: ModelSession,
  options: CheckOptions,
): AsyncGenerator<ModelFinding, Partial<ModelManifest['input']>> {
  const { manifest } = session;
  const picture = yield* pictureFindings(options);
  if (picture === 'unreadable') return {};
  const trials = yield* timedTrials(session, picture);
  if (trials === undefined) return {};
  const outputs = outputFindings(manifest, trials.own, trials.other, picture !== undefined);
  yield* outputs;
  if (picture === undefined || outputs.some(({ status }) => status === 'failed')) return {};
  const found = foundFindings(manifest, trials.own);
  yield* found;
  if (found.some(({ status }) => status === 'failed')) return {};
  const better = await betterNormalisation(session, picture);
  if (better === undefined) return {};
  const { channels, mean, scale } = better.normalisation;
  const words = `With channels "${channels}", mean ${mean} and scale ${inWords(scale)} the surest score is ${better.score.toFixed(2)}, with those of the manifest ${better.own.toFixed(2)}`;
  yield warning('input', 'normalisation-differs', words);
  return better.normalisation;
}

async function* pictureFindings({
  picture,
  ffmpegPath,
}: CheckOptions): AsyncGenerator<ModelFinding, Picture | undefined | 'unreadable'> {
  if (picture === undefined) {
    yield ok('picture', 'A grey one, in which nothing can be found: name one with --image');
    return undefined;
  }
  try {
    const read = await readPicture(picture, ffmpegPath);
    yield ok('picture', `${picture}, ${read.width}×${read.height}`);
    return read;
  } catch (error) {
    yield failed('picture', 'picture-unreadable', `${picture} cannot be read: ${reasonOf(error)}`);
    return 'unreadable';
  }
}

async function* timedTrials(
  session: ModelSession,
  picture: Picture | undefined,
): AsyncGenerator<ModelFinding, { own: Trial; other: Trial } | undefined> {
  const { input, threshold } = session.manifest;
  try {
    const other = await tryOn(session, stripedPicture(input), threshold);
    const shown = picture ?? plainPicture(input, input.pad);
    const own = await tryOn(session, shown, threshold);
    const times: number[] = [];
    for (let run = 0; run < RUNS; run++) times.push((await tryOn(session, shown, threshold)).milliseconds);
    const median = times.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
    const words = `${median.toFixed(1)} ms a run on one thread of the CPU, the median of ${RUNS}`;
    yield ok('run', words, { millisecondsPerRun: Number(median.toFixed(2)) });
    return { own, other };
  } catch (error) {
    const code = error instanceof SightlineError ? 'output-differs' : 'run-failed';
    yield failed('run', code, reasonOf(error));
    return undefined;
  }
}

/** A scale as people write it. */
function inWords(scale: number): string {
  return scale === 1 ? '1' : `1/${Number((1 / scale).toPrecision(4))}`;
}

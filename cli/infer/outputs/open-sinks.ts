import { realpath } from 'node:fs/promises';
import { extname } from 'node:path';
import type { ModelManifest } from '../../../models/manifest.ts';
import type { Codecs } from '../../../peer/codec/codecs.ts';
import { UsageError } from '../../command.ts';
import type { Pictures } from '../inputs/pictures.ts';
import { type InferOptions, STANDARD } from '../options.ts';
import { AnnotatedFilm } from './annotated-film.ts';
import { Features } from './features.ts';
import { Lines } from './lines.ts';
import type { Sink } from './sink.ts';
import { Stills } from './stills.ts';

/** What the outputs are of. */
interface Of {
  readonly pictures: Pictures;
  readonly manifest: ModelManifest;
  readonly codecs: Codecs;
}

/** Opens what was asked for. @throws UsageError, SightlineError `output-failed` */
export async function openSinks(options: InferOptions, of: Of): Promise<Sink[]> {
  const { jsonl, frames, features, save } = options;
  const { manifest, codecs } = of;
  if (features !== undefined && manifest.task !== 'embed') {
    throw new UsageError(
      `Cannot write features: expected a model of the task embed, found one of ${manifest.task}`,
    );
  }
  const sinks: Sink[] = [];
  try {
    if (jsonl !== undefined) sinks.push(await Lines.open(jsonl, { task: manifest.task, model: manifest.id }));
    if (features !== undefined) sinks.push(await Features.open(features));
    if (frames !== undefined) sinks.push(await Stills.inFolder(frames, codecs));
    if (save !== undefined) sinks.push(await openSave(save, of));
    return sinks;
  } catch (error) {
    await Promise.allSettled(sinks.map((sink) => sink.close()));
    throw error;
  }
}

async function openSave(save: string, { pictures, codecs }: Of): Promise<Sink> {
  if (pictures.kind === 'album') return Stills.inFolder(save, codecs);
  return pictures.kind === 'film' ? new AnnotatedFilm(save, pictures, codecs) : Stills.ofOne(save, codecs);
}

/** To be asked before a model is loaded. @throws UsageError where what is looked at cannot be saved there */
export async function expectSavable(options: InferOptions, pictures: Pictures): Promise<void> {
  await expectOther(options);
  const { save } = options;
  if (save === undefined) return;
  if (pictures.kind === 'album') {
    if (save === STANDARD) throw new UsageError('Cannot save several pictures: expected a folder, found -');
    return;
  }
  const endings = pictures.kind === 'film' ? ['.mp4'] : ['.jpg', '.jpeg'];
  if (save !== STANDARD && !endings.includes(extname(save).toLowerCase())) {
    const what = pictures.kind === 'film' ? 'a film' : 'a picture';
    throw new UsageError(
      `Cannot save ${what}: expected a name that ends in ${endings.join(' or ')}, found ${save}`,
    );
  }
}

/** What is read must not be written over. */
async function expectOther({ input, save, frames }: InferOptions): Promise<void> {
  const source = await realOf(input);
  for (const target of [save, frames]) {
    if (source === undefined || target === undefined || (await realOf(target)) !== source) continue;
    throw new UsageError(`Cannot save: expected another place than the input, found ${target}`);
  }
}

/** undefined where there is nothing of that name. */
async function realOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch {
    return undefined;
  }
}

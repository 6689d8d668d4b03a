import { stat } from 'node:fs/promises';
import type { Codecs } from '../../../peer/codec/codecs.ts';
import { streamSource, toMediaSource } from '../../../peer/codec/media-source.ts';
import { STANDARD } from '../options.ts';
import { Album } from './album.ts';
import { Film } from './film.ts';
import type { Pictures } from './pictures.ts';

/**
 * Opens what a person names: `-`, an address, a folder, a picture, or else a film.
 * @throws SightlineError as `Codecs.openReader()`
 */
export async function openPictures(input: string, codecs: Codecs, signal: AbortSignal): Promise<Pictures> {
  if (input === STANDARD) return Film.open(streamSource(process.stdin, 'standard input'), codecs, signal);
  const source = toMediaSource(input);
  if (source.kind !== 'file') return Film.open(source, codecs, signal);
  if (await isFolder(source.path)) return Album.ofFolder(source.path, codecs);
  return Album.isPicture(source.path) ? Album.ofFile(source.path, codecs) : Film.open(source, codecs, signal);
}

/** What is not there is for the reader to say. */
async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

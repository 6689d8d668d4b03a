import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nativeCodecs } from '../../../peer/codec/native/codecs.ts';
import type { VideoFrame } from '../../../peer/codec/video-frame.ts';
import { readFootage } from '../footage.ts';

/** Enough that nothing of the picture is lost that a model looks for. */
const BITRATE = 8_000_000;

/** A frame as our side decoded it, and where the other side finds the same picture. */
export interface Sight {
  readonly name: string;
  readonly picture: string;
  readonly index: number;
  /** Closed by who asked for it. */
  readonly frame: VideoFrame;
}

/** A photograph, decoded and brought to the form that frames of a camera have. */
export async function photograph(name: string, path: string): Promise<Sight> {
  for await (const frame of readFootage(path)) return { name, picture: path, index: 0, frame };
  throw new Error(`${path} has no picture`);
}

/** How a film is looked at. */
export interface FilmOptions {
  readonly name: string;
  readonly path: string;
  /** Pictures that are looked at, and how many of the film lie between two of them. */
  readonly count: number;
  readonly every: number;
  /** Where the coded film is put. */
  readonly folder: string;
}

/** Pictures of a film that came as a camera sends them: H.264, decoded by a call's own decoder. */
export async function* film({ name, path, count, every, folder }: FilmOptions): AsyncGenerator<Sight> {
  const units = await codeFilm(path, count, every);
  const picture = join(folder, `${name}.h264`);
  await writeFile(picture, Buffer.concat(units));
  using decoder = await nativeCodecs.openDecoder('H264');
  for (const [index, data] of units.entries()) {
    const frame = await decoder.decode({ data, timestamp: index * 3000 });
    if (!frame) throw new Error(`Picture ${index} of ${picture} cannot be decoded`);
    yield { name: `${name} ${index * every}`, picture, index, frame };
  }
}

async function codeFilm(path: string, count: number, every: number): Promise<Uint8Array[]> {
  const units: Uint8Array[] = [];
  let at = 0;
  let encoder: Awaited<ReturnType<typeof nativeCodecs.openEncoder>> | undefined;
  try {
    for await (using frame of readFootage(path)) {
      if (at++ % every !== 0) continue;
      const { width, height } = frame;
      encoder ??= await nativeCodecs.openEncoder({ codec: 'H264', width, height, bitrate: BITRATE });
      const coded = await encoder.encode(frame, { keyframe: units.length === 0 });
      if (coded) units.push(coded.data);
      if (units.length === count) break;
    }
  } finally {
    encoder?.close();
  }
  return units;
}

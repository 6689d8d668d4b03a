import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { opusFormat } from '../../../peer/codec/media-audio.ts';
import type { MediaItem } from '../../../peer/codec/media-reader.ts';
import { fileSource } from '../../../peer/codec/media-source.ts';
import { nativeCodecs } from '../../../peer/codec/native/codecs.ts';
import { temporaryFolder } from '../../models/temporary-folder.ts';
import { colourFrame, colourOf, seenColour, writeColourFilm } from '../../support/colour-film.ts';

const folder = temporaryFolder();
const SIZE = { width: 64, height: 48 };

afterEach(() => {
  expect(nativeCodecs.live).toBe(0);
});

/** Everything in a file; frames are closed, and only told of. */
async function contentsOf(path: string) {
  await using reader = await nativeCodecs.openReader(fileSource(path), { audio: true });
  const pictures: { colour: string | undefined; seconds: number }[] = [];
  const sound: MediaItem[] = [];
  for (let item = await reader.read(); item; item = await reader.read()) {
    if (item.type === 'audio') sound.push(item);
    else {
      pictures.push({ colour: seenColour(item.frame), seconds: item.seconds });
      item.frame.close();
    }
  }
  return { info: reader.info, pictures, sound };
}

/** Boxes of the file's top level (ISO/IEC 14496-12, 4.2). */
function boxesOf(file: Buffer): string[] {
  const names: string[] = [];
  for (let at = 0; at + 8 <= file.length; at += Math.max(8, file.readUInt32BE(at))) {
    names.push(file.toString('latin1', at + 4, at + 8));
  }
  return names;
}

describe('Codecs.openWriter()', () => {
  it('writes each picture at its time, however far they are apart', async () => {
    const target = join(folder(), 'film.mp4');
    const times = [0, 0.04, 0.5, 0.51, 2, 7.25];
    {
      await using writer = await nativeCodecs.openWriter({ target, ...SIZE });
      for (const [n, seconds] of times.entries()) {
        using frame = colourFrame(SIZE.width, SIZE.height, colourOf(n));
        await writer.writeFrame(frame, seconds);
      }
      const written = await writer.finish();
      expect(written).toMatchObject({
        frames: 6,
        durationSeconds: expect.closeTo(7.25 + 1 / 30, 3) as number,
      });
      expect(written.bytes).toBe((await readFile(target)).length);
      expect(await writer.finish()).toBe(written);
    }
    const { pictures } = await contentsOf(target);
    expect(pictures).toEqual(
      times.map((seconds, n) => ({ colour: colourOf(n), seconds: expect.closeTo(seconds, 4) as number })),
    );
    expect(boxesOf(await readFile(target)).indexOf('moov')).toBeLessThan(
      boxesOf(await readFile(target)).indexOf('mdat'),
    );
  });

  it.each(['quality', 'realtime'] as const)('passes sound on as it is (%s)', async (effort) => {
    const target = join(folder(), 'film.mp4');
    const sound = Array.from({ length: 100 }, (_, n) => ({
      data: Uint8Array.of(0xfc, n, n + 1),
      seconds: n / 50,
      durationSeconds: 1 / 50,
    }));
    await writeColourFilm({ target, frames: 50, effort, fragmented: true, audio: opusFormat(), sound });
    const { info, pictures, sound: found } = await contentsOf(target);
    expect(info.audio).toMatchObject({ codec: 'opus', sampleRate: 48_000, channels: 2 });
    expect(pictures.map(({ colour }) => colour)).toEqual(Array.from({ length: 50 }, (_, n) => colourOf(n)));
    expect(found.map((item) => item.type === 'audio' && [...item.data])).toEqual(
      sound.map(({ data }) => [...data]),
    );
  });

  it('writes into a stream of bytes, in fragments', async () => {
    const target = join(folder(), 'film.mp4');
    const stream = createWriteStream(target);
    const { bytes } = await writeColourFilm({ target: stream, frames: 120 });
    stream.end();
    await once(stream, 'close');
    const file = await readFile(target);
    expect(file.length).toBe(bytes);
    // Two seconds of 25 pictures each at most; where the scene changes x264 begins a group sooner.
    expect(boxesOf(file).filter((box) => box === 'moof').length).toBeGreaterThanOrEqual(3);
    expect((await contentsOf(target)).pictures).toHaveLength(120);
  });

  it('refuses a picture of another size and takes the next', async () => {
    const target = join(folder(), 'film.mp4');
    await using writer = await nativeCodecs.openWriter({ target, width: 65, height: 49 });
    expect([writer.width, writer.height]).toEqual([64, 48]);
    using other = colourFrame(32, 32, 'red');
    await expect(writer.writeFrame(other, 0)).rejects.toMatchObject({ code: 'output-failed' });
    using frame = colourFrame(65, 48, 'red');
    await writer.writeFrame(frame, 0);
    expect(await writer.finish()).toMatchObject({ frames: 1 });
  });

  it('a file that is closed before it is finished frees everything, and calls that wait say so', async () => {
    const writer = await nativeCodecs.openWriter({ target: join(folder(), 'film.mp4'), ...SIZE });
    using frame = colourFrame(SIZE.width, SIZE.height, 'red');
    const writes = Array.from({ length: 20 }, (_, n) => writer.writeFrame(frame, n / 25));
    const all = Promise.allSettled(writes);
    await Promise.all([writer.close(), writer.close()]);
    expect((await all).map(({ status }) => status)).toContain('rejected');
    await expect(writer.finish()).rejects.toMatchObject({ code: 'output-failed' });
  });

  it('says with the code it was given what cannot be opened, and where nobody reads', async () => {
    const target = join(folder(), 'no', 'film.mp4');
    await expect(
      nativeCodecs.openWriter({ target, ...SIZE, failure: 'recording-failed' }),
    ).rejects.toMatchObject({
      code: 'recording-failed',
      message: expect.stringContaining('No such file') as string,
    });
    const broken = new Writable({
      write: (_, __, done) => done(Object.assign(new Error('gone'), { code: 'EPIPE' })),
    });
    broken.on('error', () => {});
    await expect(writeColourFilm({ target: broken, frames: 1 })).rejects.toMatchObject({
      code: 'output-failed',
      message: expect.stringContaining('Broken pipe') as string,
    });
  });

  it.skipIf(!existsSync('/dev/full'))('a full disk fails every call from then on', async () => {
    const options = { target: '/dev/full', fragmented: true, failure: 'recording-failed' } as const;
    await expect(writeColourFilm({ ...options, frames: 200 })).rejects.toMatchObject({
      code: 'recording-failed',
      message: expect.stringContaining('No space left') as string,
    });
  });

  it('what was recorded can be played after the process was killed', async () => {
    const target = join(folder(), 'film.mp4');
    const child = spawn(process.execPath, ['--input-type=module', '-e', recordForEver(target)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // It tells of each picture; six seconds are three fragments, the last of which may be lost.
    let told = '';
    for await (const chunk of child.stdout) {
      told += String(chunk);
      if (told.split('\n').length > 150) break;
    }
    child.kill('SIGKILL');
    await once(child, 'close');
    const { pictures } = await contentsOf(target);
    expect(pictures.length).toBeGreaterThanOrEqual(50);
    for (const [n, { colour, seconds }] of pictures.entries()) {
      expect([colour, seconds]).toEqual([colourOf(n), expect.closeTo(n / 25, 3)]);
    }
  });
});

/** A program that records until it is killed. */
function recordForEver(target: string): string {
  const at = (path: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, path)).href);
  return `
    import { nativeCodecs } from ${at('../../../peer/codec/native/codecs.ts')};
    import { colourFrame, colourOf } from ${at('../../support/colour-film.ts')};
    const options = { target: ${JSON.stringify(target)}, width: 64, height: 48, frameRate: 25 };
    const writer = await nativeCodecs.openWriter({ ...options, fragmented: true, effort: 'realtime' });
    for (let n = 0; ; n++) {
      const frame = colourFrame(64, 48, colourOf(n));
      await writer.writeFrame(frame, n / 25);
      frame.close();
      process.stdout.write(n + '\\n');
    }`;
}

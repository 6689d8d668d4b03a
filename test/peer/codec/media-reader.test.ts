import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import type { MediaReader } from '../../../peer/codec/media-reader.ts';
import { fileSource, streamSource, urlSource } from '../../../peer/codec/media-source.ts';
import { nativeCodecs } from '../../../peer/codec/native/codecs.ts';
import { temporaryFolder } from '../../models/temporary-folder.ts';
import { colourFrame, colourOf, seenColour, writeColourFilm } from '../../support/colour-film.ts';

const folder = temporaryFolder();

afterEach(() => {
  expect(nativeCodecs.live).toBe(0);
});

async function readAll(reader: MediaReader): Promise<{ colour: string | undefined; seconds: number }[]> {
  const all: { colour: string | undefined; seconds: number }[] = [];
  for (let item = await reader.read(); item; item = await reader.read()) {
    if (item.type !== 'picture') continue;
    using frame = item.frame;
    expect(frame.timestamp).toBe(Math.round(item.seconds * 90_000));
    all.push({ colour: seenColour(frame), seconds: item.seconds });
  }
  return all;
}

describe('Codecs.openReader()', () => {
  it.each([1, 4])('gives every picture of a file with its time, decoding on %i threads', async (threads) => {
    const path = join(folder(), 'film.mp4');
    await writeColourFilm({ target: path, frames: 40 });
    await using reader = await nativeCodecs.openReader(fileSource(path), { threads });
    expect(reader.info).toMatchObject({
      label: 'film.mp4',
      codec: 'h264',
      width: 64,
      height: 48,
      frameRate: 25,
      frameCount: 40,
      isStill: false,
      isLive: false,
    });
    expect(reader.info.durationSeconds).toBeCloseTo(1.6, 1);
    const expected = Array.from({ length: 40 }, (_, n) => ({
      colour: colourOf(n),
      seconds: expect.closeTo(n / 25, 3) as number,
    }));
    expect(await readAll(reader)).toEqual(expected);
    expect(reader.damaged).toBe(0);
    expect(await reader.read()).toBeUndefined();
  });

  it('reads a stream of bytes, whose pieces come as they like', async () => {
    const path = join(folder(), 'film.mp4');
    await writeColourFilm({ target: path, frames: 30, fragmented: true });
    const stream = createReadStream(path, { highWaterMark: 777 });
    await using reader = await nativeCodecs.openReader(streamSource(stream, 'a stream'));
    expect((await readAll(reader)).map(({ colour }) => colour)).toEqual(
      Array.from({ length: 30 }, (_, n) => colourOf(n)),
    );
  });

  it('turns pictures upright that are stored as the sensor lay', async () => {
    const path = join(folder(), 'film.mp4');
    await writeColourFilm({ target: path, frames: 3 });
    await writeFile(path, lyingOnItsSide(await readFile(path)));
    await using reader = await nativeCodecs.openReader(fileSource(path));
    expect(reader.info).toMatchObject({ width: 48, height: 64 });
    const item = await reader.read();
    if (item?.type !== 'picture') throw new Error('No picture');
    using frame = item.frame;
    expect([frame.width, frame.height, seenColour(frame)]).toEqual([48, 64, 'red']);
  });

  it('reads a picture in full range as a film of one, in limited range, and takes its name as it is', async () => {
    using frame = colourFrame(65, 47, 'blue');
    using encoder = nativeCodecs.openJpegEncoder({ quality: 95 });
    const path = join(folder(), 'picture-%03d.jpg');
    await writeFile(path, await encoder.encode(frame));
    await using reader = await nativeCodecs.openReader(fileSource(path));
    expect(reader.info).toMatchObject({ isStill: true, frameCount: 1, width: 65, height: 47 });
    expect(await readAll(reader)).toEqual([{ colour: 'blue', seconds: 0 }]);
  });

  it('reads ahead no further than it is told', async () => {
    const path = join(folder(), 'film.mp4');
    await writeColourFilm({ target: path, frames: 200 });
    await using reader = await nativeCodecs.openReader(fileSource(path), { threads: 1, readAhead: 2 });
    for (let n = 0; n < 20; n++) {
      const item = await reader.read();
      if (item?.type === 'picture') item.frame.close();
      // Two that are ready, one that waits to be, and the objects of the reader itself.
      expect(nativeCodecs.live).toBeLessThan(12);
    }
  });

  it('close() ends a read that waits, at any moment', async () => {
    const path = join(folder(), 'film.mp4');
    await writeColourFilm({ target: path, frames: 50 });
    for (let taken = 0; taken < 8; taken++) {
      const reader = await nativeCodecs.openReader(fileSource(path));
      for (let n = 0; n < taken; n++) {
        const item = await reader.read();
        if (item?.type === 'picture') item.frame.close();
      }
      await Promise.all([reader.close(), reader.close()]);
      expect(await reader.read()).toBeUndefined();
      expect(nativeCodecs.live).toBe(0);
    }
    const silent = new PassThrough();
    silent.write(await readFile(path));
    const reader = await nativeCodecs.openReader(streamSource(silent, 'a stream'));
    const rest = readAll(reader);
    await reader.close();
    await rest;
  });

  it.each([
    ['no file', 'nothing.mp4', undefined, 'source-unreadable'],
    ['something else', 'text.mp4', 'hello, hello, hello', 'source-unreadable'],
    ['an empty file', 'empty.mp4', '', 'source-unreadable'],
    // A playlist of this machine that leads to the network, and one that leads elsewhere on it by another protocol.
    ['a playlist', 'list.m3u8', '#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n', 'source-unreadable'],
    ['sound alone', 'sound.wav', wav(), 'source-no-video'],
  ])('refuses %s', async (_, name, content, code) => {
    const path = join(folder(), name);
    if (content !== undefined) await writeFile(path, content);
    await expect(nativeCodecs.openReader(fileSource(path))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(new RegExp(`^Cannot read ${name}: expected `)) as string,
    });
  });

  it('refuses pictures above the limit before it decodes one', async () => {
    const path = join(folder(), 'film.mp4');
    await writeColourFilm({ target: path, frames: 1 });
    const opening = (async () => {
      await using reader = await nativeCodecs.openReader(fileSource(path), { maxPixels: 1000 });
      await readAll(reader);
    })();
    await expect(opening).rejects.toMatchObject({ code: expect.stringMatching(/^source-/) as string });
  });

  it('a broken stream of bytes is an end, and an empty one no film', async () => {
    const empty = streamSource(Readable.from([]), 'a stream');
    await expect(nativeCodecs.openReader(empty)).rejects.toMatchObject({ code: 'source-unreadable' });
  });

  it.each(['rtsp', 'rtmp', 'http'])(
    'gives up on %s that takes the connection and says nothing',
    async (scheme) => {
      const server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const source = urlSource(`${scheme}://user:secret@127.0.0.1:${port}/x`);
      await expect(nativeCodecs.openReader(source, { timeoutMs: 200 })).rejects.toMatchObject({
        code: 'source-timeout',
        message: expect.not.stringContaining('secret') as string,
      });
      const abort = new AbortController();
      const opening = nativeCodecs.openReader(source, { signal: abort.signal });
      server.once('connection', () => abort.abort(new Error('enough')));
      await expect(opening).rejects.toThrow('enough');
      server.close();
    },
  );
});

/** Sets the matrix of the track (ISO/IEC 14496-12, 8.3.2) to a quarter turn clockwise. */
function lyingOnItsSide(film: Buffer): Buffer {
  const head = film.indexOf('tkhd') + 4;
  const matrix = head + (film[head] === 1 ? 52 : 40);
  const turned = [0, 0x1_0000, 0, -0x1_0000, 0, 0, 0, 0, 0x4000_0000];
  for (const [index, value] of turned.entries()) film.writeInt32BE(value, matrix + index * 4);
  return film;
}

/** A tenth of a second of silence. */
function wav(): Buffer {
  const samples = 800;
  const head = Buffer.alloc(44);
  head.write('RIFF');
  head.writeUInt32LE(36 + samples, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(8000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples, 40);
  return Buffer.concat([head, Buffer.alloc(samples, 128)]);
}

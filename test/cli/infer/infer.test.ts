import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { MediaSource } from '../../../peer/codec/media-source.ts';
import { fileSource, streamSource } from '../../../peer/codec/media-source.ts';
import { nativeCodecs } from '../../../peer/codec/native/codecs.ts';
import { type FilmDetections, filmDetectionsSchema } from '../../../protocol/film-detections.ts';
import { temporaryFolder } from '../../models/temporary-folder.ts';
import { type Colour, colourFrame, colourOf, writeColourFilm } from '../../support/colour-film.ts';
import { InferProcess, runInfer } from './run-infer.ts';

const folder = temporaryFolder();

function linesOf(jsonl: string | Buffer): FilmDetections[] {
  const lines = jsonl.toString().trimEnd().split('\n');
  return lines.map((line) => filmDetectionsSchema.parse(JSON.parse(line)));
}

async function countPictures(source: MediaSource): Promise<number> {
  await using reader = await nativeCodecs.openReader(source);
  let count = 0;
  for (let item = await reader.read(); item; item = await reader.read()) {
    if (item.type === 'picture') item.frame.close();
    count += 1;
  }
  return count;
}

async function writeJpeg(path: string, colour: Colour): Promise<void> {
  using frame = colourFrame(40, 30, colour);
  using encoder = nativeCodecs.openJpegEncoder({ quality: 90 });
  await writeFile(path, await encoder.encode(frame));
}

describe('sightline infer', () => {
  it('looks at every picture of a film, and each result is that of its own picture', async () => {
    await writeColourFilm({ target: join(folder(), 'in.mp4'), frames: 70 });
    const { status, output } = await runInfer(
      folder(),
      ...['in.mp4', '--jsonl', 'out.jsonl', '--save', 'out.mp4', '--frames', 'pictures', '--json'],
    );
    expect(status).toBe(0);
    const summary = JSON.parse(output.toString()) as object;
    expect(summary).toMatchObject({ frames: 70, looked: 70, objects: { red: 24, green: 23, blue: 23 } });
    const lines = linesOf(await readFile(join(folder(), 'out.jsonl')));
    expect(lines.map(({ frame, time, objects }) => [frame, time, objects[0]?.label])).toEqual(
      Array.from({ length: 70 }, (_, n) => [n, expect.closeTo(n / 25, 3), colourOf(n)]),
    );
    expect(await countPictures(fileSource(join(folder(), 'out.mp4')))).toBe(70);
    expect(await readdir(join(folder(), 'pictures'))).toHaveLength(70);
  });

  it('looks at one picture in so many, and writes all of them', async () => {
    await writeColourFilm({ target: join(folder(), 'in.mp4'), frames: 20 });
    const args = ['in.mp4', '--every', '7', '--jsonl', '-', '--save', 'out.mp4', '--classes', 'green,blue'];
    const { status, output, complaint } = await runInfer(folder(), ...args);
    expect(status).toBe(0);
    expect(linesOf(output).map(({ frame, objects }) => [frame, objects[0]?.label])).toEqual([
      [0, undefined],
      [7, 'green'],
      [14, 'blue'],
    ]);
    expect(await countPictures(fileSource(join(folder(), 'out.mp4')))).toBe(20);
    expect(complaint).toMatch(/^in\.mp4: 20 pictures, 3 of them looked at, .*: green 1, blue 1\n$/);
  });

  it('reads a film from standard input and writes it to standard output', async () => {
    const path = join(folder(), 'in.mp4');
    await writeColourFilm({ target: path, frames: 30, fragmented: true });
    const { child, ended } = await InferProcess.start(folder(), '-', '--save', '-', '--quiet');
    createReadStream(path).pipe(child.stdin);
    const { status, output, complaint } = await ended;
    expect([status, complaint]).toEqual([0, '']);
    const stream = new PassThrough();
    stream.end(output);
    expect(await countPictures(streamSource(stream, 'the output'))).toBe(30);
  });

  it('looks at the pictures of a folder in the order of their numbers, and leaves out what is none', async () => {
    await mkdir(join(folder(), 'album'));
    await writeJpeg(join(folder(), 'album', 'b10.jpg'), 'blue');
    await writeJpeg(join(folder(), 'album', 'b9.jpg'), 'green');
    await writeFile(join(folder(), 'album', 'c.png'), 'nothing');
    const { status, output, complaint } = await runInfer(folder(), 'album', '--save', 'out', '--jsonl', '-');
    expect(status).toBe(1);
    expect(complaint).toMatch(/^image-unsupported: c\.png: Cannot/m);
    expect(linesOf(output).map(({ file, objects }) => [file, objects[0]?.label])).toEqual([
      ['b9.jpg', 'green'],
      ['b10.jpg', 'blue'],
    ]);
    expect((await readdir(join(folder(), 'out'))).sort()).toEqual(['b10.jpg', 'b9.jpg']);
  });

  it('says in words what is in a picture', async () => {
    await writeJpeg(join(folder(), 'picture.jpg'), 'red');
    const { status, output } = await runInfer(folder(), 'picture.jpg', '--save', 'out.jpg');
    expect(status).toBe(0);
    expect(output.toString()).toMatch(/^picture\.jpg: 1 picture, main-colour: red 1\n {2}red \d+% at /);
    expect((await readFile(join(folder(), 'out.jpg'))).subarray(0, 2)).toEqual(Buffer.of(0xff, 0xd8));
  });

  it('ends quietly when the reader of its output has seen enough', async () => {
    await writeColourFilm({ target: join(folder(), 'in.mp4'), frames: 400 });
    const { child, ended } = await InferProcess.start(
      folder(),
      'in.mp4',
      '--jsonl',
      '-',
      '--save',
      'out.mp4',
    );
    child.stdout.once('data', () => child.stdout.destroy());
    const { status, complaint } = await ended;
    expect([status, complaint]).toEqual([141, '']);
    expect(await countPictures(fileSource(join(folder(), 'out.mp4')))).toBeGreaterThan(0);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('on %s finishes what it has begun', async (signal) => {
    const path = join(folder(), 'in.mp4');
    await writeColourFilm({ target: path, frames: 60, fragmented: true });
    const args = ['-', '--jsonl', '-', '--save', 'out.mp4'];
    const { child, ended } = await InferProcess.start(folder(), ...args);
    // The film never ends: it stops because it is told to.
    createReadStream(path).pipe(child.stdin, { end: false });
    child.stdout.once('data', () => child.kill(signal));
    const { status, output } = await ended;
    expect(status).toBe(signal === 'SIGINT' ? 130 : 143);
    const looked = linesOf(output).length;
    expect(looked).toBeGreaterThan(0);
    expect(await countPictures(fileSource(join(folder(), 'out.mp4')))).toBe(looked);
  });

  it('says on standard error why it cannot, and ends with the status of that', async () => {
    const ended = await runInfer(folder(), 'nothing.mp4');
    expect(ended.complaint).toMatch(/^source-unreadable: Cannot read nothing\.mp4: expected /);
    expect(ended.status).toBe(66);
  });
});

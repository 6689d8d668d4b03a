import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nativeCodecs } from '../../../peer/codec/native/codecs.ts';
import { eventually } from '../../support/eventually.ts';
import { FilmServer, sendBytes } from '../../support/film-server.ts';
import { encodeImage, quartersRgba } from '../../support/images.ts';
import { expectProblem } from '../../support/problem.ts';
import { indexLast, silence, writeSmallFilm } from '../../support/small-film.ts';
import { SourcesDoor } from '../../support/sources-door.ts';
import { hasWeights } from '../inference/yolox-nano.ts';

const FRAMES = 9;
const limits = {
  timeoutMs: 400,
  pictureTimeoutMs: 2_000,
  reconnect: { firstMs: 10, maxMs: 40, giveUpMs: 300 },
};

describe.skipIf(!hasWeights)('POST /sources (skipped without the weights of yolox-nano)', () => {
  let folder: string;
  let film: Buffer;
  let door: SourcesDoor;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sightline-sources-'));
    await writeSmallFilm(join(folder, 'film.mp4'), FRAMES);
    film = await readFile(join(folder, 'film.mp4'));
    const unknown = Buffer.from(film.toString('latin1').replaceAll('avc1', 'zzz1'), 'latin1');
    await writeFile(join(folder, 'unknown.mp4'), unknown);
    await writeFile(join(folder, 'sound.wav'), silence());
    await writeFile(join(folder, 'words.txt'), 'no film');
    door = await SourcesDoor.open({ rules: { directory: folder }, ...limits });
  });
  afterEach(async () => {
    await door.sessions.close('the test is over');
    expect([door.sessions.size, nativeCodecs.live]).toEqual([0, 0]);
  });
  afterAll(async () => {
    await door.close();
    await rm(folder, { recursive: true });
  });

  it('looks at each picture of a film where it may be fast, and says how it ended', async () => {
    const source = await door.open({ url: 'film.mp4', pace: 'fast' });
    expect(source.opened).toMatchObject({ via: 'source', state: 'connected', sync: 'exact' });
    const { closeReason, tracks } = await source.reach('closed');
    expect(closeReason).toBe('the source has ended');
    expect(tracks).toMatchObject([
      { codec: 'H264', width: 160, height: 120, framesIn: FRAMES, results: FRAMES },
    ]);
  });

  it('goes on when settings change under way', async () => {
    const source = await door.open({ url: 'film.mp4', pace: 'fast', loop: true });
    await source.results(2);
    await door.sessions.get(source.opened.sessionId).configure({ threshold: 0.7, sync: 'live' });
    await door.sessions.get(source.opened.sessionId).configure({ sync: 'exact' });
    await source.results(3);
    expect(source.describe()).toMatchObject({ state: 'connected', threshold: 0.7, sync: 'exact' });
  });

  it('begins a film anew where it is looped, on a clock that goes on', async () => {
    const source = await door.open({ url: 'film.mp4', pace: 'fast', loop: true });
    const times = (await source.results(3 * FRAMES)).map(({ rtpTimestamp }) => rtpTimestamp);
    for (const [index, time] of times.entries())
      if (index > 0) expect(time - (times[index - 1] ?? 0)).toBe(3000);
    await source.close();
    expect(() => source.describe()).toThrow(/Cannot find the session/);
  });

  it('plays a film at its speed', async () => {
    const startedAt = performance.now();
    const source = await door.open({ url: 'film.mp4' });
    expect(source.opened.sync).toBe('live');
    await source.reach('closed');
    expect(performance.now() - startedAt).toBeGreaterThan(((FRAMES - 1) / 30) * 1000);
  });

  it('reads a film of an HTTP server, behind a redirection', async () => {
    await using server = await FilmServer.open(({ url }, response) => {
      if (url === '/film') response.end(film);
      else response.writeHead(302, { Location: '/film' }).end();
    });
    const source = await door.open({ url: `${server.url}/old`, pace: 'fast' });
    expect((await source.reach('closed')).tracks).toMatchObject([{ results: FRAMES }]);
    expect(server.asked).toEqual(['/old', '/film']);
  });

  it('reads a film whose index stands at its end, of a server that knows ranges', async () => {
    const late = indexLast(film);
    await using server = await FilmServer.open((request, response) => {
      sendBytes(late, request, response);
      response.end();
    });
    const source = await door.open({ url: `${server.url}/film`, pace: 'fast' });
    expect((await source.reach('closed')).tracks).toMatchObject([{ results: FRAMES }]);
  });

  it('goes on where a film broke off, of a server that knows ranges', async () => {
    const begins: number[] = [];
    const half = Math.floor(film.length / 2);
    await using server = await FilmServer.open((request, response) => {
      if (begins.length > 0) {
        begins.push(sendBytes(film, request, response));
        response.end();
        return;
      }
      begins.push(0);
      response.writeHead(200, { 'Accept-Ranges': 'bytes', 'Content-Length': film.length });
      response.write(film.subarray(0, half), () => response.destroy());
    });
    const source = await door.open({ url: `${server.url}/film`, pace: 'fast' });
    expect((await source.reach('closed')).tracks).toMatchObject([{ results: FRAMES }]);
    expect(begins.length).toBeGreaterThan(1);
  });

  it('says that a film broke off, of a server that knows no ranges', async () => {
    const path = join(folder, 'longer.mp4');
    await writeSmallFilm(path, 90);
    const longer = await readFile(path);
    await using server = await FilmServer.open((_request, response) => {
      response.writeHead(200, { 'Content-Length': longer.length });
      response.write(longer.subarray(0, longer.length / 2));
    });
    const source = await door.open({ url: `${server.url}/film`, pace: 'fast', loop: true });
    server.breakOff();
    const { closeReason } = await source.reach('closed');
    expect(closeReason).toMatch(/the source failed: .* found the connection closed before its end/);
  });

  it('connects to a camera again that broke off, and gives it up when nothing comes', async () => {
    const jpeg = await encodeImage('jpeg', { width: 64, height: 48, rgba: quartersRgba(64, 48) });
    const cameras = new Set<ServerResponse>();
    await using server = await FilmServer.open((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'multipart/x-mixed-replace; boundary=frame' });
      cameras.add(response.once('close', () => cameras.delete(response)));
    });
    using _film = playing(() => {
      for (const camera of cameras) {
        camera.write(`--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`);
        camera.write(Buffer.concat([jpeg, Buffer.from('\r\n')]));
      }
    });
    const source = await door.open({ url: `${server.url}/camera`, sync: 'exact' });
    const [before] = await source.results(2);
    server.breakOff();
    await source.reach('disconnected');
    await source.reach('connected');
    const [after] = await source.results(1);
    expect(after?.rtpTimestamp).toBeGreaterThan(before?.rtpTimestamp ?? 0);
    expect(server.asked).toHaveLength(2);
    await server.close();
    expect((await source.reach('closed')).closeReason).toMatch(/no picture for \d+ s: .*ECONNREFUSED/);
  });

  it.each([
    ['sound alone', { url: 'sound.wav' }, 'source-no-video'],
    ['a codec that nobody knows', { url: 'unknown.mp4' }, 'source-codec-unsupported'],
    ['no film', { url: 'words.txt' }, 'source-unreadable'],
    ['nothing', { url: 'missing.mp4' }, 'source-unreadable'],
    ['a file elsewhere', { url: '../film.mp4' }, 'source-refused'],
    ['another scheme', { url: 'ftp://127.0.0.1/film.mp4' }, 'source-refused'],
    ['nobody there', { url: 'http://127.0.0.1:1/film.mp4' }, 'source-unreadable'],
    ['no camera there', { url: 'rtsp://127.0.0.1:1/live' }, 'source-unreadable'],
    ['a field that nobody knows', { url: 'film.mp4', speed: 2 }, 'source-invalid'],
    ['no source', {}, 'source-invalid'],
    ['a model that nobody knows', { url: 'film.mp4', model: 'none' }, 'model-unknown'],
    ['tasks beside a task', { url: 'film.mp4', task: 'detect', tasks: [{}] }, 'tasks-invalid'],
  ] as const)('leaves no session behind where there is %s', async (_what, body, code) => {
    await expectProblem(await door.post(body), code);
  });

  it.each([
    ['never answers', () => {}],
    [
      'falls silent',
      (response: ServerResponse) =>
        void response.writeHead(200, { 'Content-Length': 1e6 }).write(film.subarray(0, 99)),
    ],
  ] as const)('gives a server up that %s', async (_what, answer) => {
    await using server = await FilmServer.open((_request, response) => answer(response));
    await expectProblem(await door.post({ url: `${server.url}/film` }), 'source-timeout');
  });

  it('gives a server up that sends something for ever, and no picture', async () => {
    await using server = await FilmServer.open((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'video/mp2t' });
      const timer = setInterval(() => response.write('x'), 50);
      response.once('close', () => clearInterval(timer));
    });
    const { detail } = await expectProblem(await door.post({ url: `${server.url}/live` }), 'source-timeout');
    expect(detail).toContain('expected a picture within 2000 ms');
  });

  it('lets go of a source when the caller hangs up before it answers', async () => {
    await using server = await FilmServer.open(() => {});
    const hangUp = new AbortController();
    const posted = door.post({ url: `${server.url}/film` }, { signal: hangUp.signal });
    await eventually(
      async () => server.asked.length,
      (asked) => asked === 1,
      { intervalMs: 10 },
    );
    expect(door.sessions.size).toBe(1);
    hangUp.abort();
    await expect(posted).rejects.toThrow();
    await eventually(
      async () => door.sessions.size,
      (size) => size === 0,
      { intervalMs: 10 },
    );
  });
});

/** Does it again and again. */
function playing(show: () => void): Disposable {
  const timer = setInterval(show, 20);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

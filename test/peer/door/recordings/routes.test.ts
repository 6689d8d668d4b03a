import { mkdir, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nativeCodecs } from '../../../../peer/codec/native/codecs.ts';
import { addRecordings } from '../../../../peer/door/recordings/routes.ts';
import { Door } from '../../../../peer/door/server.ts';
import { Recordings } from '../../../../peer/recordings/recordings.ts';
import { SightlineError } from '../../../../protocol/errors.ts';
import type { Recording } from '../../../../protocol/recordings.ts';
import { temporaryFolder } from '../../../models/temporary-folder.ts';
import { expectProblem } from '../../../support/problem.ts';

const folder = temporaryFolder();
const log = pino({ level: 'silent' });
const ID = `p1-${'a'.repeat(22)}`;
const FILE = `/recordings/${ID}/000.mp4`;
const CONTENT = '0123456789';

const recording: Recording = {
  id: ID,
  sessionId: 'session',
  mid: '0',
  picture: 'annotated',
  results: false,
  state: 'finished',
  createdAt: 1,
  durationSeconds: 1,
  bytes: 10,
  parts: [],
  framesDropped: 0,
  sound: false,
  soundDropped: 0,
  resultLines: 0,
  resultsDropped: 0,
};

describe('recordings at the door of a media peer', () => {
  let door: Door;
  let recordings: Recordings;

  beforeEach(async () => {
    await mkdir(join(folder(), ID));
    await writeFile(join(folder(), ID, 'recording.json'), JSON.stringify(recording));
    await writeFile(join(folder(), ID, '000.mp4'), CONTENT);
    door = await Door.open({ host: '127.0.0.1', port: 0, url: undefined, log });
    const unknown = () => {
      throw new SightlineError('session-unknown', 'Cannot find it');
    };
    const options = {
      directory: folder(),
      maxBytes: 1e9,
      peerId: 'p1',
      sessions: { get: unknown },
      maxBitrate: 1e6,
    };
    recordings = await Recordings.open({ ...options, codecs: nativeCodecs, log });
    addRecordings(door, recordings);
  });
  afterEach(async () => {
    await recordings.close();
    await door.close();
  });

  const ask = (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
    fetch(new URL(path, door.address.url), {
      headers: { authorization: `Bearer ${door.address.token}`, ...headers },
      ...init,
    });

  /** As a cache asks, which fetch() does not: it never wants to be answered from one. */
  const statusOf = (path: string, headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const authorization = `Bearer ${door.address.token}`;
      get(new URL(path, door.address.url), { headers: { authorization, ...headers } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).on('error', reject);
    });

  it('hands out a file whole, and says that it has ranges', async () => {
    const answer = await ask(FILE);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': '10',
      'accept-ranges': 'bytes',
      etag: expect.stringMatching(/^"[\w-]+"$/) as string,
    });
    expect(await answer.text()).toBe(CONTENT);
  });

  it.each([
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=5-99', '56789', 'bytes 5-9/10'],
  ])('hands out the range %s', async (range, text, contentRange) => {
    const answer = await ask(FILE, { range });
    expect(answer.status).toBe(206);
    expect(answer.headers.get('Content-Range')).toBe(contentRange);
    expect(await answer.text()).toBe(text);
  });

  it('refuses a range beyond the end, and tells where that is', async () => {
    const answer = await ask(FILE, { range: 'bytes=10-' });
    expect(answer.headers.get('Content-Range')).toBe('bytes */10');
    await expectProblem(answer, 'range-invalid');
  });

  it('goes on where the file is the same, and begins anew where it has grown (If-Range)', async () => {
    const etag = (await ask(FILE, {}, { method: 'HEAD' })).headers.get('ETag') ?? '';
    const same = await ask(FILE, { range: 'bytes=5-', 'if-range': etag });
    expect([same.status, await same.text()]).toEqual([206, '56789']);
    await writeFile(join(folder(), ID, '000.mp4'), `${CONTENT}abc`);
    const grown = await ask(FILE, { range: 'bytes=5-', 'if-range': etag });
    expect([grown.status, await grown.text()]).toEqual([200, `${CONTENT}abc`]);
  });

  it('answers If-None-Match and If-Match', async () => {
    const etag = (await ask(FILE)).headers.get('ETag') ?? '';
    expect(await statusOf(FILE, { 'if-none-match': etag })).toBe(304);
    expect(await statusOf(FILE, { 'if-none-match': '"another"' })).toBe(200);
    expect((await ask(FILE, { 'if-match': etag })).status).toBe(200);
    await expectProblem(await ask(FILE, { 'if-match': '"another"' }), 'file-changed');
  });

  it.each(['..%2Fsecret.mp4', '000.mp4%00', 'secret.txt', '001.mp4', '.recording.json', 'results.jsonl'])(
    'has no file %s',
    async (file) => {
      await expectProblem(await ask(`/recordings/${ID}/${file}`), 'not-found');
    },
  );

  it('knows only the recordings of its folder', async () => {
    await expectProblem(await ask(`/recordings/p1-${'b'.repeat(22)}/000.mp4`), 'recording-unknown');
    await expectProblem(await ask('/recordings/..%2F..'), 'recording-unknown');
    await expectProblem(
      await ask(`/sessions/another/recordings/${ID}`, {}, { method: 'DELETE' }),
      'recording-unknown',
    );
    expect(await (await ask('/recordings')).json()).toEqual({ recordings: [recording] });
    expect(await (await ask('/sessions/session/recordings')).json()).toEqual({ recordings: [recording] });
    await expectProblem(await ask('/sessions/another/recordings'), 'session-unknown');
  });

  it('removes one with its files', async () => {
    expect((await ask(`/recordings/${ID}`, {}, { method: 'DELETE' })).status).toBe(204);
    await expectProblem(await ask(`/recordings/${ID}`), 'recording-unknown');
    await expectProblem(await ask(`/recordings/${ID}`, {}, { method: 'DELETE' }), 'recording-unknown');
  });

  it('names each field of a request that it cannot read', async () => {
    const post = (body: object) =>
      ask('/sessions/session/recordings', {}, { method: 'POST', body: JSON.stringify(body) });
    const { detail } = await expectProblem(
      await post({ picture: 'blurred', maxSeconds: 0 }),
      'recording-invalid',
    );
    expect(detail).toMatch(/picture.*maxSeconds/);
    await expectProblem(await post({ pictures: 'annotated' }), 'recording-invalid');
    await expectProblem(await post({}), 'session-unknown');
  });
});

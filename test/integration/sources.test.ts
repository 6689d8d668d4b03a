import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SessionDescription, sessionDescriptionSchema } from '../../protocol/session.ts';
import { eventually } from '../support/eventually.ts';
import { expectProblem } from '../support/problem.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';
import { writeSmallFilm } from '../support/small-film.ts';

const headers = { authorization: 'Bearer the-key', 'Content-Type': 'application/json' };

describe('POST /sources, from the caller to the model and back', () => {
  let folder: string;
  let sightline: Sightline;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sightline-sources-'));
    await writeSmallFilm(join(folder, 'film.mp4'), 5);
    const environment = {
      SIGHTLINE_KEY: 'the-key',
      SIGHTLINE_SOURCE_DIR: folder,
      SIGHTLINE_MAX_SESSIONS: '1',
    };
    sightline = await startSightline(environment);
  });
  afterAll(async () => {
    await sightline?.close();
    await rm(folder, { recursive: true });
  });

  const ask = (method: string, path: string, body?: object) =>
    fetch(new URL(path, sightline.url), { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const describeSession = async (path: string) =>
    sessionDescriptionSchema.parse(await (await ask('GET', path)).json());
  const reach = (path: string, accept: (found: SessionDescription) => boolean) =>
    eventually(() => describeSession(path), accept);

  const nothingLeft = () =>
    eventually(
      () => sightline.peers(),
      ([peer]) => peer?.sessions === 0 && peer.natives === 0,
    );

  it('opens a session that is asked, changed and ended as a call is', async () => {
    const opened = await ask('POST', '/sources', {
      url: 'film.mp4',
      pace: 'fast',
      loop: true,
      threshold: 0.4,
    });
    expect(opened.status).toBe(201);
    const path = opened.headers.get('Location') ?? '';
    expect(await opened.json()).toMatchObject({ via: 'source', threshold: 0.4, sync: 'exact' });
    await reach(path, ({ tracks }) => (tracks[0]?.results ?? 0) > 5);
    expect(await (await ask('PATCH', path, { threshold: 0.6 })).json()).toMatchObject({ threshold: 0.6 });
    await expectProblem(await ask('POST', '/sources', { url: 'film.mp4' }), 'sessions-exhausted');
    expect((await ask('DELETE', path)).status).toBe(204);
    await expectProblem(await ask('GET', path), 'session-unknown');
    await nothingLeft();
  });

  it('tells why a session has ended that nobody ended', async () => {
    const opened = await ask('POST', '/sources', { url: 'film.mp4' });
    const ended = await reach(opened.headers.get('Location') ?? '', ({ state }) => state === 'closed');
    expect(ended.closeReason).toBe('the source has ended');
    await nothingLeft();
  });

  it.each([
    ['a file elsewhere', { url: '/etc/hostname' }, 'source-refused'],
    ['this machine', { url: 'http://127.0.0.1/' }, 'source-refused'],
    ['a model that nobody knows', { url: 'film.mp4', model: 'none' }, 'model-unknown'],
    ['a field that nobody knows', { url: 'film.mp4', sped: 1 }, 'source-invalid'],
  ] as const)('refuses %s', async (_what, body, code) => {
    await expectProblem(await ask('POST', '/sources', body), code);
  });
});

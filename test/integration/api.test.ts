import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '../../signaling/api/operations/all.ts';
import { hasFootage } from '../support/camera.ts';
import { codedFilm, syntheticFilm } from '../support/coded-film.ts';
import { type ApiDocument, DescribedApi } from '../support/described-api.ts';
import { RtcClient } from '../support/rtc-client.ts';
import { sendUntil } from '../support/send-film.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';
import { writeSmallFilm } from '../support/small-film.ts';
import { ApiRequests } from './api-requests.ts';

/** What no request can bring about. */
const noFault: readonly string[] = ['no-peer', 'peer-lost', 'sessions-exhausted'];
/** Farther than any box reaches. */
const EVERYWHERE = [
  { x: -0.5, y: -0.5 },
  { x: 1.5, y: -0.5 },
  { x: 1.5, y: 1.5 },
  { x: -0.5, y: 1.5 },
];
const zones = [{ kind: 'polygon', id: 'everywhere', points: EVERYWHERE }];

describe('the documents of a server that runs', () => {
  let folder: string;
  let sightline: Sightline;
  let client: RtcClient;
  let requests: ApiRequests;
  let openapi: DescribedApi;
  let asyncapi: DescribedApi;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sightline-api-'));
    await writeSmallFilm(join(folder, 'film.mp4'), 5);
    sightline = await startSightline({
      SIGHTLINE_MAX_SESSIONS: '20',
      SIGHTLINE_SOURCE_DIR: folder,
      SIGHTLINE_RECORDINGS_DIR: join(folder, 'recordings'),
    });
    [openapi, asyncapi] = await Promise.all([read('/openapi.json'), read('/asyncapi.json')]);
    client = await RtcClient.dial(sightline.url, { codec: 'VP8', settings: { zones } });
    const film = await (hasFootage ? codedFilm : syntheticFilm)('VP8', 30, 0);
    await sendUntil(client, film, () => client.detections.length > 5 && (!hasFootage || events().length > 0));
    requests = new ApiRequests(sightline.url, client);
  });
  afterAll(async () => {
    await client?.close();
    await sightline?.close();
    if (folder) await rm(folder, { recursive: true });
  });

  const events = () =>
    client.rawDetections.flatMap((result) => (result as { events?: unknown[] }).events ?? []);
  const read = async (path: string) =>
    new DescribedApi((await (await fetch(new URL(path, sightline.url))).json()) as ApiDocument);

  it.each(operations)('$method $path answers as openapi.json says', async ({ method, path, errors }) => {
    const described = openapi.document.paths?.[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method];
    if (described === undefined) throw new Error(`Expected ${method} ${path} in openapi.json`);
    const statuses: number[] = [];
    for (const ask of requests.byRoute[`${method} ${path}`] ?? []) {
      const response = await ask();
      statuses.push(response.status);
      await openapi.expectDescribed(described, response);
    }
    expect(statuses, 'requests of api-requests.ts').not.toEqual([]);
    expect(statuses.some((status) => status < 300)).toBe(true);
    const canFail = errors.some((code) => !noFault.includes(code));
    expect(statuses.some((status) => status >= 400)).toBe(canFail);
  });

  it('results come as asyncapi.json says', () => {
    for (const result of client.rawDetections) asyncapi.expectMessage('detections', 'detections', result);
    expect(events().length > 0).toBe(hasFootage);
    for (const event of events()) asyncapi.expectMessage('events', 'event', event);
  });

  it.each([
    { type: 'configure', id: 7, threshold: 0.5 },
    { type: 'configure', zones: [] },
  ])('%j on the control channel is answered as asyncapi.json says', async (message) => {
    asyncapi.expectMessage('control', 'configure', message);
    const reply = await client.control(message);
    expect(reply).toMatchObject({ type: 'configured' });
    asyncapi.expectMessage('control', 'configure-reply', reply);
  });

  it('a message on the control channel that is wrong is so by asyncapi.json, which tells of the answer', async () => {
    const message = { type: 'configure', threshold: 2 };
    expect(() => asyncapi.expectMessage('control', 'configure', message)).toThrow();
    const reply = await client.control(message);
    expect(reply).toMatchObject({ type: 'error', code: 'control-invalid' });
    asyncapi.expectMessage('control', 'configure-reply', reply);
  });
});

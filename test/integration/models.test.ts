import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelSummary } from '../../protocol/models.ts';
import type { SessionDescription } from '../../protocol/session.ts';
import { hasFootage } from '../support/camera.ts';
import { codedFilm, syntheticFilm } from '../support/coded-film.ts';
import { eventually } from '../support/eventually.ts';
import { iou } from '../support/iou.ts';
import { RtcClient } from '../support/rtc-client.ts';
import { sendUntil } from '../support/send-film.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';
import { MAN_AT_WEBCAM } from '../support/truth.ts';

describe('the model that a call names', () => {
  let sightline: Sightline;
  beforeAll(async () => {
    sightline = await startSightline();
  });
  afterAll(() => sightline.close());

  const get = async (path: string): Promise<unknown> => (await fetch(`${sightline.url}${path}`)).json();
  const centernet = async () =>
    ((await get('/models')) as ModelSummary[]).find(({ id }) => id === 'centernet');
  const call = () => RtcClient.dial(sightline.url, { codec: 'H264', settings: { model: 'centernet' } });

  it('is loaded on first use, and GET /models says so: centernet, which comes with the packages', async () => {
    expect(await centernet()).toMatchObject({ available: true });
    const client = await call();
    expect(((await get(`/sessions/${client.sessionId}`)) as SessionDescription).model).toBe('centernet');
    await eventually(centernet, (model) => model?.loaded === true);
    await sendUntil(client, await syntheticFilm('H264', 30, 0), () => client.detections.length > 0);
    expect(new Set(client.detections.map(({ model }) => model))).toEqual(new Set(['centernet']));
    await client.close();
  });

  it.skipIf(!hasFootage)('finds the person (skipped where there is no footage)', async () => {
    const client = await call();
    await sendUntil(client, await codedFilm('H264', 60, 0), () => client.detections.length >= 3);
    const people = client.detections.map(({ objects }) => objects.find(({ label }) => label === 'person'));
    const overlaps = people.map((person) => (person ? iou(person.box, MAN_AT_WEBCAM) : 0));
    expect(Math.max(...overlaps)).toBeGreaterThan(0.7);
    await client.close();
  });

  it('is refused where the catalogue does not have it', async () => {
    await expect(
      RtcClient.dial(sightline.url, { codec: 'H264', settings: { model: 'cats' } }),
    ).rejects.toThrow(/400.*model-unknown/);
  });
});

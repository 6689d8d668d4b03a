import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionDescription } from '../../protocol/session.ts';
import { syntheticFilm } from '../support/coded-film.ts';
import { RtcClient } from '../support/rtc-client.ts';
import { sendUntil } from '../support/send-film.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';

const FRAMES = 45;

describe('offers of other shapes than one camera there and back', () => {
  let sightline: Sightline;
  beforeAll(async () => {
    sightline = await startSightline();
  });
  afterAll(() => sightline.close());

  async function session(id: string): Promise<SessionDescription> {
    return (await (await fetch(`${sightline.url}/sessions/${id}`)).json()) as SessionDescription;
  }

  it('a sendonly offer gets results, and no track back', async () => {
    const client = await RtcClient.dial(sightline.url, { codec: 'H264', direction: 'sendonly' });
    await sendUntil(client, await syntheticFilm('H264', FRAMES, 0), () => client.detections.length >= 3);
    expect(client.returned).toEqual([]);
    const [track] = (await session(client.sessionId)).tracks;
    expect(track).toMatchObject({ framesOut: 0 });
    expect(track?.framesDecoded).toBeGreaterThan(0);
    await client.close();
  });

  it('two cameras in one offer get two tracks back, and results that name each', async () => {
    const client = await RtcClient.dial(sightline.url, { codec: 'H264', cameras: 2 });
    const timestamps: number[][] = [[], []];
    client.on('frame', ({ timestamp }, camera) => timestamps[camera]?.push(timestamp));
    const mids = [client.mid(0), client.mid(1)];
    const served = () =>
      timestamps.every(({ length }) => length > 5) &&
      mids.every((mid) => client.detections.filter((result) => result.mid === mid).length > 1);
    const sent = await sendUntil(client, await syntheticFilm('H264', FRAMES, 0), served, [0, 1]);
    expect(new Set(mids).size).toBe(2);
    expect(client.returned.toSorted()).toEqual(mids.toSorted());
    for (const returned of timestamps) expect(sent).toEqual(expect.arrayContaining(returned));
    expect((await session(client.sessionId)).tracks.map(({ mid }) => mid).toSorted()).toEqual(
      mids.toSorted(),
    );
    await client.close();
  });
});

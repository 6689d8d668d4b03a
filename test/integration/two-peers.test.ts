import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { RtcClient } from '../support/rtc-client.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';

describe('two media peers', () => {
  let sightline: Sightline;
  beforeAll(async () => {
    sightline = await startSightline({ SIGHTLINE_PEERS: '2', SIGHTLINE_MAX_SESSIONS: '1' });
    await eventually(
      () => sightline.peers(),
      (peers) => peers.length === 2,
    );
  });
  afterAll(() => sightline.close());

  const status = async (client: RtcClient) =>
    (await fetch(`${sightline.url}/sessions/${client.sessionId}`)).status;

  it('share the calls, refuse one more, and outlive each other', async () => {
    const first = await RtcClient.dial(sightline.url, { codec: 'H264' });
    const second = await RtcClient.dial(sightline.url, { codec: 'VP8' });
    const peerOf = ({ sessionId }: RtcClient) => sessionId.split('-')[0];
    expect(peerOf(first)).not.toBe(peerOf(second));

    await expect(RtcClient.dial(sightline.url, { codec: 'VP8' })).rejects.toThrow(/503.*sessions-exhausted/);

    const doomed = await processOf(sightline.child.pid ?? 0, peerOf(first) ?? '');
    process.kill(doomed, 'SIGKILL');
    expect(
      await eventually(
        () => status(first),
        (code) => code === 404,
      ),
    ).toBe(404);
    expect(await status(second)).toBe(200);

    await eventually(
      () => sightline.peers(),
      (peers) => peers.length === 2,
    );
    const third = await RtcClient.dial(sightline.url, { codec: 'H264' });
    expect(await status(third)).toBe(200);
    await Promise.all([first.close(), second.close(), third.close()]);
  });
});

/** The process that runs a media peer, among the children of signaling. */
async function processOf(signalingPid: number, peerId: string): Promise<number> {
  const children = (await readFile(`/proc/${signalingPid}/task/${signalingPid}/children`, 'utf8'))
    .trim()
    .split(' ');
  for (const pid of children) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
    if (environment.includes(`SIGHTLINE_PEER_ID=${peerId}\0`)) return Number(pid);
  }
  throw new Error(`Cannot find the process of ${peerId} among ${children.join(', ')}`);
}

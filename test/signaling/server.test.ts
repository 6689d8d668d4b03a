import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startSignaling } from '../../signaling/server.ts';
import { ignoreOffer } from '../support/fake-peer.ts';
import { expectProblem } from '../support/problem.ts';
import { TestSignaling, testConfig } from '../support/signaling.ts';

describe('startSignaling()', () => {
  it('says which port is taken, and what to do', async () => {
    await using first = await TestSignaling.start();
    const { port } = first.signaling;
    await expect(startSignaling(testConfig({ PORT: String(port) }))).rejects.toMatchObject({
      code: 'address-in-use',
      message: expect.stringMatching(new RegExp(`port ${port}: .*set PORT`)),
    });
  });

  it('says config-invalid for an address that is not of this machine', async () => {
    const config = testConfig({ HOST: '192.0.2.1', SIGHTLINE_OPEN: '1' });
    await expect(startSignaling(config)).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining('EADDRNOTAVAIL'),
    });
  });
});

describe('Signaling.close()', () => {
  it('closes the sessions on the peers, and listens no more', async () => {
    const server = await TestSignaling.start();
    const peer = await server.join();
    await server.offer();
    const [sessionId] = peer.sessions.keys();
    await Promise.all([server.signaling.close('first'), server.signaling.close('second')]);
    await peer.ended();
    expect(peer.closed).toEqual([sessionId]);
    await expect(server.get('/healthz')).rejects.toThrow('fetch failed');
  });

  it('leaves nothing open that would keep the process going', async () => {
    const script = fileURLToPath(new URL('../support/open-and-close.ts', import.meta.url));
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [[status], statuses] = await Promise.all([once(child, 'exit'), text(child.stdout)]);
    expect({ status, statuses }).toEqual({ status: 0, statuses: '200 200 503' });
  });

  it('ends the calls that wait, with peer-lost', async () => {
    const server = await TestSignaling.start({ SIGHTLINE_OFFER_TIMEOUT_MS: '600000' });
    const peer = await server.join({ onOffer: ignoreOffer });
    const asked = new Promise((resolve) => peer.socket.once('offer', resolve));
    const offered = server.offer();
    await asked;
    await Promise.all([
      server.signaling.close('the test asks for it'),
      offered.then((response) => expectProblem(response, 'peer-lost')),
    ]);
    peer.close();
  });
});

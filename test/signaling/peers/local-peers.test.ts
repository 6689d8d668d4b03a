import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { SignalingOptions } from '../../../signaling/server.ts';
import { TestSignaling } from '../../support/signaling.ts';

const peerEntry = fileURLToPath(new URL('../../support/child-peer.ts', import.meta.url));
const quick = { firstMs: 1, maxMs: 50, stableMs: 60_000 };

/** A signaling server with real processes, each of which says its process id when it registers. */
async function start(behaviour: string, count: number, options: SignalingOptions = {}) {
  const registrations: { peerId: string; pid: number }[] = [];
  const changed = new EventTarget();
  const server = await TestSignaling.start(
    { SIGHTLINE_PEERS: String(count), CHILD_PEER: behaviour, SIGHTLINE_MAX_SESSIONS: '3' },
    {
      peerEntry,
      peerBackOff: quick,
      ...options,
      onPeerRegistered: ({ peerId, registration }) => {
        registrations.push({ peerId, pid: Number(registration?.codec.split(' ')[1]) });
        changed.dispatchEvent(new Event('registered'));
      },
    },
  );
  const registered = async (total: number) => {
    while (registrations.length < total) await once(changed, 'registered');
    return registrations;
  };
  return { server, registered };
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('LocalPeers', () => {
  it('starts each peer as a process of its own, which takes calls with the sessions allowed', async () => {
    const { server, registered } = await start('serve', 2);
    await using _ = server;
    const [first, second] = await registered(2);
    expect(first?.pid).not.toBe(second?.pid);
    expect(first?.peerId).not.toBe(second?.peerId);
    const answers = await Promise.all(Array.from({ length: 7 }, () => server.offer()));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(6);
    await server.signaling.close('the test asks for it');
    expect([first, second].map((peer) => isRunning(peer?.pid ?? 0))).toEqual([false, false]);
  });

  it('replaces a process that dies, under the same id', async () => {
    const { server, registered } = await start('serve', 1);
    await using _ = server;
    const [first] = await registered(1);
    process.kill(first?.pid ?? 0, 'SIGKILL');
    const [, second] = await registered(2);
    expect(second?.peerId).toBe(first?.peerId);
    expect(second?.pid).not.toBe(first?.pid);
    expect((await server.offer()).status).toBe(200);
  });

  it('tells the last line that each process wrote when all ended with a start-up error, and starts none again', async () => {
    const failed = Promise.withResolvers<readonly string[]>();
    const { server } = await start('misconfigured', 2, { onPeersFailed: failed.resolve });
    await using _ = server;
    expect(await failed.promise).toEqual(['model-hash-mismatch: Cannot load yolox_nano.onnx']);
  });

  it('closes while it waits to replace a process that cannot live', async () => {
    const { server } = await start('crash', 1, {
      peerBackOff: { ...quick, firstMs: 600_000, maxMs: 600_000 },
    });
    await server.signaling.close('the test asks for it');
  });

  it('kills a process that does not heed SIGTERM', async () => {
    const { server, registered } = await start('stubborn', 1, { peerKillAfterMs: 100 });
    const [peer] = await registered(1);
    await server.signaling.close('the test asks for it');
    expect(isRunning(peer?.pid ?? 0)).toBe(false);
  });
});

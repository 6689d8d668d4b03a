import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { idlePeer } from '../support/idle-peer.ts';
import { startSightline } from '../support/sightline.ts';

/** Consent to send runs out 30 seconds after the last answer (RFC 7675, section 5.1). */
const CONSENT_MS = 30_000;

it('a client that vanishes without goodbye is noticed when its consent runs out', async () => {
  const sightline = await startSightline();
  const unused = await idlePeer(sightline);
  const caller = spawn(process.execPath, [fileURLToPath(new URL('../support/caller.ts', import.meta.url))], {
    env: { ...process.env, CALLER_URL: sightline.url },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [sessionId] = await once(createInterface(caller.stdout), 'line');
    const address = `${sightline.url}/sessions/${sessionId}`;
    const state = async () => ((await (await fetch(address)).json()) as { state?: string }).state;
    await eventually(state, (now) => now === 'connected');
    caller.kill('SIGKILL');
    const ended = await eventually(state, (now) => now !== 'connected' && now !== 'disconnected', {
      timeoutMs: CONSENT_MS + 12_000,
      intervalMs: 500,
    });
    expect(ended).toBe('closed');
    expect(await idlePeer(sightline)).toMatchObject({ natives: 0, handles: unused.handles });
  } finally {
    caller.kill('SIGKILL');
    await sightline.close();
  }
}, 60_000);

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startSightline } from '../support/sightline.ts';

/** Consent to send runs out 30 seconds after the last answer (RFC 7675, section 5.1). */
const CONSENT_MS = 30_000;

it('a client that vanishes without goodbye is noticed when its consent runs out', async () => {
  const sightline = await startSightline();
  const caller = spawn(process.execPath, [fileURLToPath(new URL('../support/caller.ts', import.meta.url))], {
    env: { ...process.env, CALLER_URL: sightline.url },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [sessionId] = await once(createInterface(caller.stdout), 'line');
    const address = `${sightline.url}/sessions/${sessionId}`;
    await eventually(
      async () => (await fetch(address)).json() as Promise<{ state: string }>,
      ({ state }) => state === 'connected',
    );
    caller.kill('SIGKILL');
    await eventually(
      async () => (await fetch(address)).status,
      (status) => status === 404,
      { timeoutMs: CONSENT_MS + 12_000, intervalMs: 500 },
    );
    const [peer] = await eventually(
      () => sightline.peers(),
      ([first]) => first?.sessions === 0 && first.natives === 0,
    );
    expect(peer).toMatchObject({ sessions: 0, natives: 0 });
  } finally {
    caller.kill('SIGKILL');
    await sightline.close();
  }
}, 60_000);

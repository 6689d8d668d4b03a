import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { TestSignaling } from '../support/signaling.ts';

function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

/** Runs signaling as a process with fake media peers. */
function run(environment: Record<string, string>): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, [pathOf('../support/serve.ts')], {
    env: {
      PORT: '0',
      PEER_ENTRY: pathOf('../support/child-peer.ts'),
      SIGHTLINE_PEERS: '1',
      CHILD_PEER: 'serve',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function nextLine({ stdout }: { stdout: Readable }): () => Promise<string> {
  const lines = createInterface(stdout)[Symbol.asyncIterator]();
  return async () => String((await lines.next()).value);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The exit status of a process that ends by itself, and all it wrote to standard error. */
async function outcome(environment: Record<string, string>): Promise<{ status: unknown; stderr: string }> {
  const child = run(environment);
  const [[status], stderr] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
  return { status, stderr };
}

describe('serve()', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'says where it listens, then that it is ready, and ends with 0 on %s',
    async (signal) => {
      const child = run({});
      const next = nextLine(child);
      const url = /^Sightline is listening on (http:\/\/127\.0\.0\.1:\d+)$/.exec(await next())?.[1];
      expect(await next()).toBe('Ready for calls');
      expect(await next()).toMatch(/^Media peer: process \d+, up to 8 sessions, model yolox-nano$/);
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
      child.kill(signal);
      expect(await once(child, 'exit')).toEqual([0, null]);
    },
  );

  it('takes signals that come together as one, and ends at once on a second Ctrl-C', async () => {
    // A media peer that does not heed SIGTERM makes closing last for seconds.
    const child = run({ CHILD_PEER: 'stubborn' });
    const next = nextLine(child);
    await next();
    await next();
    const peer = Number(/process (\d+)/.exec(await next())?.[1]);
    for (const signal of ['SIGINT', 'SIGINT', 'SIGTERM', 'SIGINT'] as const) child.kill(signal);
    const exit = once(child, 'exit');
    await delay(1200);
    child.kill('SIGTERM');
    expect(child.exitCode).toBeNull();
    child.kill('SIGINT');
    expect(await exit).toEqual([130, null]);
    await eventually(
      async () => isAlive(peer),
      (alive) => !alive,
    );
  });

  it('ends with the message of the media peers when none can start', async () => {
    const { status, stderr } = await outcome({ CHILD_PEER: 'misconfigured', SIGHTLINE_PEERS: '2' });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /Sightline cannot start: no media peer can start\n {2}model-hash-mismatch: Cannot load/,
    );
  });

  it('ends with every bad variable named', async () => {
    const { status, stderr } = await outcome({ PORT: 'eighty', SIGHTLINE_PEERS: '-1' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^Sightline cannot start: config-invalid: [\s\S]*PORT: [\s\S]*SIGHTLINE_PEERS: /);
  });

  it('ends when the port is taken', async () => {
    await using other = await TestSignaling.start();
    const { status, stderr } = await outcome({ PORT: String(other.signaling.port) });
    expect(status).toBe(1);
    expect(stderr).toContain(`address-in-use: Cannot listen on 127.0.0.1, port ${other.signaling.port}`);
  });
});

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Started {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly pid: number;
  /** Resolves once no process is left that could write: status and signal of the first, and all that was written. */
  readonly ended: Promise<{ status: number | null; signal: string | null; output: string }>;
}

/** Starts a program in a process group of its own, as a terminal does, and waits until calls are taken. */
async function start(command: string, args: readonly string[]): Promise<Started> {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, HOST: '127.0.0.1', PORT: '0', SIGHTLINE_PEERS: '1' },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ready = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.includes('Ready for calls')) ready.resolve();
    });
  }
  const ended = once(child, 'close').then(([status, signal]) => {
    ready.reject(new Error(`It ended with ${status ?? signal}: ${output}`));
    return { status, signal, output };
  });
  await ready.promise;
  if (child.pid === undefined) throw new Error('Expected a process');
  return { child, pid: child.pid, ended };
}

const run = ['scripts/run.mjs', 'start'];

describe.skipIf(process.platform === 'win32')(
  'run.mjs start (skipped: Windows has no process groups)',
  () => {
    it('ends with 0 and quietly on Ctrl-C, which reaches every process of the group', async () => {
      const { pid, ended } = await start(process.execPath, run);
      process.kill(-pid, 'SIGINT');
      const { status, output } = await ended;
      expect(status).toBe(0);
      expect(output.slice(output.indexOf('Media peer'))).toMatch(/^Media peer: .*\n$/);
    });

    it.each(['SIGTERM', 'SIGINT'] as const)('ends with 0 on a %s for it alone', async (signal) => {
      const { child, ended } = await start(process.execPath, run);
      child.kill(signal);
      expect(await ended).toMatchObject({ status: 0 });
    });

    it('leaves nothing running when the shell above it is ended', async () => {
      const { child, ended } = await start('sh', ['-c', `"${process.execPath}" ${run.join(' ')}; true`]);
      child.kill('SIGTERM');
      expect(await ended).toMatchObject({ signal: 'SIGTERM' });
    });
  },
);

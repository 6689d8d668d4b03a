import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { temporaryFolder } from '../models/temporary-folder.ts';
import { classifier } from './models/classifier.ts';
import { classifierManifest, writeModel } from './models/own-folder.ts';

const folder = temporaryFolder();
const root = fileURLToPath(new URL('../..', import.meta.url));

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function sightline(environment: Record<string, string>, ...args: string[]): ChildProcess {
  const env = { ...process.env, SIGHTLINE_MODELS_DIR: join(folder(), 'models'), ...environment };
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const child = spawn(process.execPath, ['cli/main.ts', ...args], { cwd: root, env, stdio: [...stdio] });
  children.push(child);
  return child;
}

/** Resolves with what the program has said once it says this, from now on. */
function said(child: ChildProcess, words: RegExp): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += String(chunk);
    if (words.test(text)) resolve(text);
  });
  child.once('close', () => reject(new Error(`Expected ${words}, found ${text}`)));
  return promise;
}

it('sightline serve waits for a peer, and sightline peer of another process is one', async () => {
  await writeModel(join(folder(), 'models', 'main-colour'), {
    'colour.onnx': classifier('softmax'),
    'manifest.json': classifierManifest,
  });
  const settings = { SIGHTLINE_PEERS: '0', SIGHTLINE_PEER_TOKEN: 'secret', PORT: '0' };
  const server = sightline(settings, 'serve');
  const url = /http:\S+/.exec(await said(server, /Waiting for a media peer/))?.[0] ?? '';
  const ready = said(server, /Ready for calls/);
  const peer = sightline(
    { SIGHTLINE_PEER_TOKEN: 'secret', SIGHTLINE_MODEL: 'main-colour' },
    ...['peer', '--signaling', url, '--id', 'elsewhere'],
  );
  await ready;
  const health = await (await fetch(new URL('/healthz', url))).text();
  expect(health).toContain('elsewhere');
  for (const child of [peer, server]) {
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([0, null]);
  }
});

// What has to be there before Sightline can run, each step done only when it is missing or out of date.
// Plain JavaScript for Node 20: it runs before the packages, and so before the pinned Node, are installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'node_modules', '.bin');
/** The Node that package.json pins, once it is installed. */
export const node = join(bin, process.platform === 'win32' ? 'node.cmd' : 'node');
const cache = join(root, '.cache');
const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export const environment = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };

/** Packages, page and model: all that serving needs. */
export async function setUp() {
  await step(
    'packages',
    ['package-lock.json'],
    () => npm('ci', '--no-audit', '--no-fund', '--loglevel=error'),
    join(root, 'node_modules'),
  );
  await step(
    'page',
    ['client', 'protocol', 'package-lock.json'],
    () =>
      run(node, [
        join('node_modules', 'vite', 'bin', 'vite.js'),
        'build',
        '--logLevel',
        'warn',
        '--config',
        'client/vite.config.ts',
      ]),
    join(root, 'client', 'dist', 'index.html'),
  );
  await step(
    'model',
    ['models', 'package-lock.json'],
    () => run(node, ['scripts/prepare-model.ts']),
    cache,
    modelSettings(),
  );
}

/** A Chromium for the tests in a real browser. */
export async function setUpBrowser() {
  if (findBrowser()) return;
  const started = begin('browser');
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) {
    throw new Error('The tests need Chromium: install it, or name its program in SIGHTLINE_CHROMIUM');
  }
  await run('apt-get', ['update', '-qq']);
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core']);
  done('browser', started);
}

export function findBrowser() {
  return [process.env.SIGHTLINE_CHROMIUM, ...browsers].find((path) => path && existsSync(path));
}

/** Does the work unless the inputs are those of the last time and its result is still there. */
async function step(name, inputs, work, result, settings = '') {
  const stamp = join(cache, 'setup', name);
  const wanted = fingerprint(inputs, settings);
  if (existsSync(result) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const started = begin(name);
  await work();
  mkdirSync(join(cache, 'setup'), { recursive: true });
  writeFileSync(stamp, wanted);
  done(name, started);
}

function modelSettings() {
  const names = ['SIGHTLINE_MODELS_DIR', 'SIGHTLINE_MODEL', 'SIGHTLINE_CACHE_DIR'];
  return names.map((name) => `${name}=${process.env[name] ?? ''}`).join('\n');
}

function fingerprint(inputs, settings) {
  const hash = createHash('sha256').update(settings);
  for (const file of inputs.flatMap((input) => files(join(root, input))))
    hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}

function files(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => name !== 'dist')
    .sort()
    .flatMap((name) => files(join(path, name)));
}

function begin(name) {
  console.log(`setting up: ${name} …`);
  return Date.now();
}

function done(name, started) {
  console.log(`setting up: ${name} done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

function npm(...args) {
  // npm itself needs the Node that it was started with: the pinned one is being replaced under it.
  const cli = process.env.npm_execpath;
  return cli ? run(process.execPath, [cli, ...args], process.env) : run('npm', args, process.env);
}

/** Runs a program in the root to its end, with our own input and output. */
export function run(command, args, env = environment) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: 'inherit' });
    const forward = (signal) => child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM'];
    for (const signal of signals) process.on(signal, forward);
    // npm hands a signal to the shell between us, which ends without handing it on: then we are orphans.
    const parent = process.ppid;
    const watch = setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 250);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearInterval(watch);
      for (const name of signals) process.off(name, forward);
      if (code === 0) resolve();
      else
        reject(
          Object.assign(new Error(`${command} ${args.join(' ')} ended with ${signal ?? code}`), {
            exitCode: code ?? 1,
          }),
        );
    });
  });
}

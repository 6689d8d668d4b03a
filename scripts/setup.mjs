// What has to be there before Sightline can run, each step done only when it is missing or out of date.
// Plain JavaScript for Node 20: it runs before the packages, and so before the pinned Node, are installed.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { node, root, run } from './program.mjs';

const stamps = join(root, '.cache', 'setup');
/** What scripts/prepare-model.ts writes of the model that it found. */
const modelOutcome = join(stamps, 'model.json');
const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const DAY_MS = 24 * 60 * 60 * 1000;

/** What is done is told on standard error: standard output is that of the program which is run. */
const told = { stdio: ['ignore', process.stderr, process.stderr] };

/** Packages, page and model: all that serving needs. */
export async function setUp() {
  await setUpPackages();
  await setUpPage();
  await setUpModel();
}

async function setUpPage() {
  await stampedStep(
    'page',
    fingerprint(['client', 'protocol', 'package-lock.json']),
    () => existsSync(join(root, 'client', 'dist', 'index.html')),
    buildPage,
  );
}

/** The default model: all that looking at pictures needs beside the packages. */
export async function setUpModel() {
  await stampedStep(
    'model',
    fingerprint(['models', 'package-lock.json'], modelSettings()),
    modelIsThere,
    () => run(node, ['scripts/prepare-model.ts', modelOutcome], told),
  );
}

/** All that the programs need to be run at all. */
export async function setUpPackages() {
  if (packagesAreInstalled()) return;
  const started = begin('packages');
  await npm('ci', '--no-audit', '--no-fund', '--loglevel=error');
  done('packages', started);
}

/** A Chromium for the tests in a real browser. */
export async function setUpBrowser() {
  if (findBrowser()) return;
  const started = begin('browser');
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) {
    throw new Error('The tests need Chromium: install it, or name its program in SIGHTLINE_CHROMIUM');
  }
  const quiet = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const silent = { env: quiet, stdio: ['ignore', 'ignore', 'inherit'] };
  await run('apt-get', ['update', '-qq'], silent);
  const packages = ['chromium', 'fonts-dejavu-core'];
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], silent);
  done('browser', started);
}

export function findBrowser() {
  return [process.env.SIGHTLINE_CHROMIUM, ...browsers].find((path) => path && existsSync(path));
}

/**
 * Whether node_modules holds what the lock file names, whoever installed it. npm writes a lock file of its own into it
 * as the last thing it does, which leaves out the optional packages of other platforms.
 */
function packagesAreInstalled() {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages ?? {};
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages;
  if (installed === undefined || !existsSync(node)) return false;
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    const found = installed[path];
    if (found === undefined) return path === '' || optional === true;
    return found.version === version && found.integrity === integrity;
  });
}

function npm(...args) {
  // npm goes on with the Node that it was started with: ours may be the pinned one, which is being replaced.
  const { npm_execpath: cli, npm_node_execpath: itsNode = process.execPath } = process.env;
  const plain = { ...told, env: process.env };
  return cli ? run(itsNode, [cli, ...args], plain) : run('npm', args, plain);
}

function buildPage() {
  const vite = join('node_modules', 'vite', 'bin', 'vite.js');
  return run(node, [vite, 'build', '--logLevel', 'warn', '--config', 'client/vite.config.ts'], told);
}

/**
 * Whether the weights of the last set-up are still there. Where a better model could not be downloaded, they hold for
 * a day: a download that fails takes seconds, too long for every start, and a network may come.
 */
function modelIsThere() {
  const { path, size, skipped = [], preparedAt } = readJson(modelOutcome) ?? {};
  if (path === undefined || !existsSync(path) || statSync(path).size !== size) return false;
  return skipped.length === 0 || Date.now() - Date.parse(preparedAt) < DAY_MS;
}

function modelSettings() {
  const names = ['SIGHTLINE_MODELS_DIR', 'SIGHTLINE_MODEL', 'SIGHTLINE_CACHE_DIR'];
  return names.map((name) => `${name}=${process.env[name] ?? ''}`).join('\n');
}

/** Does the work unless its inputs are those of the last time and its result is still there. */
async function stampedStep(name, inputs, isThere, work) {
  const stamp = join(stamps, name);
  if (isThere() && existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs) return;
  const started = begin(name);
  mkdirSync(stamps, { recursive: true });
  await work();
  writeFileSync(stamp, inputs);
  done(name, started);
}

/** Of files, and of all files in folders; settings that the result depends on go in as well. */
function fingerprint(inputs, settings = '') {
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

/** Undefined where the file is missing or broken: then what it tells of has to be done again. */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function begin(name) {
  console.error(`setting up: ${name} …`);
  return Date.now();
}

function done(name, started) {
  console.error(`setting up: ${name} done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const scripts = fileURLToPath(new URL('../../scripts', import.meta.url));
const DAY_MS = 24 * 60 * 60 * 1000;

const lock = {
  packages: {
    '': { name: 'sightline' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/b': { version: '2.0.0', integrity: 'sha512-b', optional: true },
  },
};
const { '': _root, ...installed } = lock.packages;

/** A tree with the real scripts, whose npm and pinned Node are programs that write down how they were called. */
class Tree {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  async build(): Promise<void> {
    await cp(scripts, join(this.root, 'scripts'), { recursive: true });
    await this.write('package-lock.json', JSON.stringify(lock));
    await this.write('package.json', '{"type":"module"}');
    for (const file of ['client/dist/index.html', 'client/a.ts', 'protocol/a.ts', 'models/a.ts'])
      await this.write(file, '');
    await this.write('weights.onnx', '12345678');
    await this.outcome({});
    await this.program(
      'node_modules/.bin/node',
      'node',
      '[ "$1" = scripts/prepare-model.ts ] && cp outcome.json "$2"',
    );
    await this.program('npm-node', 'npm-node', 'cp package-lock.json node_modules/.package-lock.json');
    await this.installed(installed);
  }

  async write(path: string, content: string): Promise<void> {
    const target = join(this.root, path);
    await mkdir(join(target, '..'), { recursive: true });
    await writeFile(target, content);
  }

  async program(path: string, name: string, work: string): Promise<void> {
    await this.write(path, `#!/bin/sh\necho "${name} $*" >> calls\n${work}\nexit 0\n`);
    await chmod(join(this.root, path), 0o755);
  }

  /** What npm says is in node_modules. */
  installed(packages: object): Promise<void> {
    return this.write('node_modules/.package-lock.json', JSON.stringify({ packages }));
  }

  /** What the next preparing of the model comes to. */
  outcome(change: object): Promise<void> {
    const outcome = { path: join(this.root, 'weights.onnx'), size: 8, skipped: [], preparedAt: new Date() };
    return this.write('outcome.json', JSON.stringify({ ...outcome, ...change }));
  }

  /** Runs the start command. @returns the names of what it had done, before what it was for */
  async start(environment: Record<string, string> = {}): Promise<string[]> {
    await this.write('calls', '');
    await promisify(execFile)(process.execPath, ['scripts/run.mjs', 'start'], {
      cwd: this.root,
      env: { ...process.env, npm_execpath: 'npm-cli.js', npm_node_execpath: './npm-node', ...environment },
    });
    const calls = (await readFile(join(this.root, 'calls'), 'utf8')).trim().split('\n');
    expect(calls.pop()).toBe('node signaling/main.ts');
    return calls.map((call) => call.split(' ').slice(0, 3).join(' '));
  }
}

const installing = 'npm-node npm-cli.js ci';
const building = 'node node_modules/vite/bin/vite.js build';

describe.skipIf(process.platform === 'win32')('setUp() (skipped: its programs are shell scripts)', () => {
  let tree: Tree;
  const preparing = () => `node scripts/prepare-model.ts ${join(tree.root, '.cache/setup/model.json')}`;

  beforeEach(async () => {
    tree = new Tree(await mkdtemp(join(tmpdir(), 'sightline-setup-')));
    await tree.build();
  });
  afterEach(() => rm(tree.root, { recursive: true, force: true }));

  it('does each step once, and takes packages that are there as they are', async () => {
    expect(await tree.start()).toEqual([building, preparing()]);
    expect(await tree.start()).toEqual([]);
  });

  it.each([
    ['nothing is installed', {}],
    ['another version is', { ...installed, 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } }],
    ['another package of the same version is', { ...installed, 'node_modules/a': { version: '1.0.0' } }],
  ])('installs the packages, on the Node that npm runs on, where %s', async (_, packages) => {
    await tree.start();
    await tree.installed(packages);
    expect(await tree.start()).toEqual([installing]);
    expect(await tree.start()).toEqual([]);
  });

  it('installs nothing where only optional packages are missing', async () => {
    await tree.start();
    await tree.installed({ 'node_modules/a': installed['node_modules/a'] });
    expect(await tree.start()).toEqual([]);
  });

  it('builds the page again when a source of it has changed', async () => {
    await tree.start();
    await tree.write('client/a.ts', 'changed');
    expect(await tree.start()).toEqual([building]);
  });

  it.each([
    ['deleted', () => rm(join(tree.root, 'weights.onnx'))],
    ['cut short', () => tree.write('weights.onnx', '1234')],
  ])('prepares the model again when its weights were %s', async (_, harm) => {
    await tree.start();
    await harm();
    expect(await tree.start()).toEqual([preparing()]);
  });

  it('prepares the model again when the settings name another', async () => {
    await tree.start();
    expect(await tree.start({ SIGHTLINE_MODEL: 'centernet' })).toEqual([preparing()]);
  });

  it('tries again for a better model after a day, and not before', async () => {
    await tree.outcome({ skipped: ['yolox-nano'], preparedAt: new Date(Date.now() - DAY_MS / 2) });
    await tree.start();
    expect(await tree.start()).toEqual([]);
    await tree.outcome({ skipped: ['yolox-nano'], preparedAt: new Date(Date.now() - DAY_MS * 1.01) });
    await tree.start({ SIGHTLINE_MODEL: 'any' });
    expect(await tree.start({ SIGHTLINE_MODEL: 'any' })).toEqual([preparing()]);
  });
});

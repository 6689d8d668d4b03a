import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.ts';

const program = '/usr/bin/janus';
/** Pages that come with it. */
export const janusDemos = '/usr/share/janus/demos';

/** Whether there is a Janus with its pages; where not, tests that need one skip, and say so. */
export const hasJanus = existsSync(program) && existsSync(join(janusDemos, 'videoroomtest.html'));

/** A Janus with one video room, 1234, on this machine alone. */
export class Janus implements AsyncDisposable {
  /** Of its API over HTTP. */
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #output: string[];

  static async start(): Promise<Janus> {
    const [folder, port] = [await mkdtemp(join(tmpdir(), 'sightline-janus-')), await freePort()];
    const library = libraryFolder();
    const files = {
      'janus.jcfg': `
        general: { configs_folder = "${folder}", debug_level = 4, debug_colors = false,
          plugins_folder = "${library}/plugins", transports_folder = "${library}/transports" }
        nat: { ice_enforce_list = "127.0.0.1" }
        plugins: { disable = "${allBut(`${library}/plugins`, 'videoroom')}" }
        transports: { disable = "${allBut(`${library}/transports`, 'http')}" }`,
      'janus.transport.http.jcfg': `
        general: { base_path = "/janus", http = true, port = ${port}, ip = "127.0.0.1", https = false }
        admin: { admin_http = false }`,
      'janus.plugin.videoroom.jcfg': `
        room-1234: { description = "Test", publishers = 6, bitrate = 1000000, fir_freq = 10 }`,
    };
    await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
    const janus = new Janus(`http://127.0.0.1:${port}/janus`, folder);
    await eventually(
      () => fetch(`${janus.url}/info`).catch(() => undefined),
      (answer) => answer?.ok === true || janus.#child.exitCode !== null,
    );
    if (janus.#child.exitCode !== null) throw new Error(`Janus ended:\n${janus.#output.join('')}`);
    return janus;
  }

  private constructor(url: string, folder: string) {
    this.url = url;
    this.#folder = folder;
    this.#output = [];
    this.#child = spawn(program, ['-F', folder], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => this.#output.push(text));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.kill()) await once(this.#child, 'exit');
    await rm(this.#folder, { recursive: true });
  }
}

/** Debian keeps libraries in a folder that is named after the processor. */
function libraryFolder(): string {
  const folders = readdirSync('/usr/lib').map((name) => `/usr/lib/${name}/janus`);
  const found = folders.find((folder) => existsSync(folder));
  if (!found) throw new Error('Cannot find the plugins of Janus: install janus');
  return found;
}

function allBut(folder: string, wanted: string): string {
  const names = readdirSync(folder).filter((name) => name.endsWith('.so') && !name.includes(wanted));
  return names.join(',');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('Expected a port');
  return address.port;
}

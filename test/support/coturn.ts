import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const program = [
  process.env['SIGHTLINE_TURNSERVER'],
  '/usr/bin/turnserver',
  '/usr/local/bin/turnserver',
].find((path) => path && existsSync(path));

/** Whether there is a coturn to test with (Debian: `coturn`); where not, tests that need one skip, and say so. */
export const hasCoturn = program !== undefined;

const LOOPBACK = '127.0.0.1';

/** A coturn on this machine that relays to this machine, with credentials that run out. */
export class Coturn implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #port: number;
  readonly #secret: string;
  readonly #directory: string;
  readonly #lines: string[] = [];

  static async start(): Promise<Coturn> {
    if (!program) throw new Error('Cannot find turnserver: install coturn, or set SIGHTLINE_TURNSERVER');
    const port = await freePort();
    const secret = randomBytes(16).toString('hex');
    const directory = await mkdtemp(join(tmpdir(), 'coturn-'));
    const child = spawn(program, settings(port, secret, directory), { stdio: ['ignore', 'pipe', 'pipe'] });
    const coturn = new Coturn(child, port, secret, directory);
    try {
      await coturn.#ready();
    } catch (error) {
      await coturn.close();
      throw error;
    }
    return coturn;
  }

  private constructor(child: ChildProcess, port: number, secret: string, directory: string) {
    this.#child = child;
    this.#port = port;
    this.#secret = secret;
    this.#directory = directory;
  }

  #ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      const { stdout, stderr } = this.#child;
      if (!stdout || !stderr) throw new Error('Expected pipes for the output of turnserver');
      for (const input of [stdout, stderr]) {
        createInterface({ input }).on('line', (line) => {
          this.#lines.push(line);
          if (line.includes('UDP listener opened on')) resolve();
        });
      }
      this.#child.once('error', reject);
      this.#child.once('exit', (code) =>
        reject(new Error(`turnserver ended with ${code}:\n${this.output()}`)),
      );
    });
  }

  /** Everything that it has printed. */
  output(): string {
    return this.#lines.join('\n');
  }

  /**
   * An entry for `RTCConfiguration.iceServers`, with a user name and password as coturn's REST API has them
   * (draft-uberti-behave-turn-rest): the name begins with the Unix time at which it ends, and the password is its HMAC.
   */
  iceServer({ user = 'tester', seconds = 600 } = {}): { urls: string; username: string; credential: string } {
    const username = `${Math.floor(Date.now() / 1000) + seconds}:${user}`;
    const credential = createHmac('sha1', this.#secret).update(username).digest('base64');
    return { urls: `turn:${LOOPBACK}:${this.#port}?transport=udp`, username, credential };
  }

  /** Ends the process and waits for it. Idempotent. */
  async close(): Promise<void> {
    const { exitCode, signalCode, pid } = this.#child;
    if (pid !== undefined && exitCode === null && signalCode === null) {
      const exit = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      await exit;
    }
    await rm(this.#directory, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function settings(port: number, secret: string, directory: string): string[] {
  return [
    '-n',
    ...['--listening-ip', LOOPBACK, '--relay-ip', LOOPBACK, '--listening-port', String(port)],
    ...['--use-auth-secret', '--static-auth-secret', secret, '--realm', 'sightline.test'],
    '--allow-loopback-peers',
    ...['--no-tls', '--no-dtls', '--no-cli', '--verbose', '--log-file', 'stdout'],
    ...['--userdb', join(directory, 'db'), '--pidfile', join(directory, 'pid')],
  ];
}

/** A port that was free just now; it listens on TCP and UDP alike. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('Expected a port');
  return address.port;
}

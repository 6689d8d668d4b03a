import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What `GET /healthz` says of one media peer, as far as tests look at it. */
export interface PeerHealth {
  readonly peerId: string;
  readonly sessions: number;
  readonly cpu: number;
  readonly residentMemory: number;
  readonly eventLoopDelayP99: number;
  readonly natives: number;
  readonly handles: number;
  readonly remoteRuns?: Readonly<Record<string, number>>;
}

/** A Sightline of its own processes, as `npm start` runs it. */
export interface Sightline {
  readonly url: string;
  readonly child: ChildProcess;
  /** Everything that it has printed. */
  output(): string;
  peers(): Promise<PeerHealth[]>;
  close(): Promise<void>;
}

/** Starts signaling and its media peers on a free port, and waits until they take calls. */
export async function startSightline(environment: Record<string, string> = {}): Promise<Sightline> {
  const child = spawn(process.execPath, ['signaling/main.ts'], {
    cwd: root,
    env: { ...process.env, HOST: '127.0.0.1', PORT: '0', SIGHTLINE_PEERS: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => lines.push(text));
  const url = await ready(child, lines);
  return {
    url,
    child,
    output: () => lines.join('\n'),
    peers: async () => {
      const health = (await (await fetch(`${url}/healthz`)).json()) as { peers: PeerHealth[] };
      return health.peers;
    },
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

function ready(child: ChildProcess, lines: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    if (!child.stdout) throw new Error('Expected a pipe for standard output');
    let url = '';
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      url ||= /http:\S+/.exec(line)?.[0] ?? '';
      if (line.startsWith('Ready for calls')) resolve(url);
    });
    child.once('exit', (code) => reject(new Error(`Sightline ended with ${code}:\n${lines.join('\n')}`)));
  });
}

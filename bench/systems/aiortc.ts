import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { System } from './system.ts';

/** Debian's Python, for which python3-aiortc is packaged, wherever another one comes first in PATH. */
const PYTHON = '/usr/bin/python3';
const program = fileURLToPath(new URL('../aiortc/server.py', import.meta.url));

/** aiortc behind a small server of our own that decodes each frame, encodes it, and does nothing else. */
export class AiortcSystem implements System {
  readonly name = 'aiortc';
  readonly codec = 'VP8';
  readonly label: string;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #url: string;

  /** The version that is installed; undefined where it is not. */
  static version(): string | undefined {
    const code = 'import aiohttp, aiortc; print(aiortc.__version__)';
    const { status, stdout } = spawnSync(PYTHON, ['-c', code], { encoding: 'utf8' });
    return status === 0 ? stdout.trim() : undefined;
  }

  static async open(version: string, maxBitrate: number): Promise<AiortcSystem> {
    const child = spawn(PYTHON, [program, String(maxBitrate)], { stdio: ['ignore', 'pipe', 'inherit'] });
    process.once('exit', () => child.kill());
    const lines = createInterface({ input: child.stdout });
    const [line] = (await Promise.race([
      once(lines, 'line'),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`aiortc's server ended with ${code}`))),
    ])) as [string];
    return new AiortcSystem(child, line, version);
  }

  private constructor(child: ChildProcess, url: string, version: string) {
    this.#child = child;
    this.#url = url;
    this.pid = child.pid ?? 0;
    this.label = `aiortc ${version}, no detection`;
  }

  async answer(offer: RTCSessionDescriptionInit, maxBitrate: number): Promise<RTCSessionDescriptionInit> {
    const response = await fetch(`${this.#url}/offer`, { method: 'POST', body: JSON.stringify(offer) });
    if (!response.ok) throw new Error(`aiortc answered ${response.status}: ${await response.text()}`);
    const { type, sdp = '' } = (await response.json()) as RTCSessionDescriptionInit;
    return { type, sdp: withMinimalBitrate(sdp, maxBitrate) };
  }

  async describe(): Promise<undefined> {
    return undefined;
  }

  async eventLoopDelayP99(): Promise<undefined> {
    return undefined;
  }

  async hangUp(): Promise<void> {
    await fetch(`${this.#url}/hangup`, { method: 'POST' });
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
  }
}

/**
 * What aiortc asks of the camera stays at some 400 kbit/s for long. Told so by the answer, Chromium sends the wanted rate
 * all the same, so that the work is that of the others.
 */
function withMinimalBitrate(sdp: string, bitrate: number): string {
  const kilobits = Math.round(bitrate / 1000);
  const parameters = `x-google-start-bitrate=${kilobits};x-google-min-bitrate=${kilobits}`;
  return sdp.replace(
    /a=rtpmap:(\d+) VP8\/90000\r\n/g,
    (line, type) => `${line}a=fmtp:${type} ${parameters}\r\n`,
  );
}

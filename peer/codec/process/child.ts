import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { ComplaintLog } from './complaint-log.ts';
import { type NutPacket, NutReader } from './nut-reader.ts';

let live = 0;

/** How many ffmpeg processes run. 0 soon after everything is closed. */
export function liveChildren(): number {
  return live;
}

export interface ChildOptions {
  readonly program: string;
  readonly args: readonly string[];
  /** Memory for a packet of so many bytes. */
  readonly allocate: (bytes: number) => Uint8Array<ArrayBuffer>;
  readonly maxPacketBytes: number;
  readonly onPacket: (packet: NutPacket) => void;
  /** ffmpeg reported an error, and goes on. */
  readonly onComplaint: () => void;
  /** It ended, for whatever reason but `kill()`. */
  readonly onEnd: () => void;
}

/**
 * One ffmpeg process: bytes in, packets out. It ends with its standard input, so that none outlives a media peer that
 * crashed. What it writes to standard error is kept in part, and shown in none.
 */
export class FfmpegChild {
  readonly complaints = new ComplaintLog();
  readonly #options: ChildOptions;
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #reader: NutReader;
  #ended = false;
  #counted = true;

  constructor(options: ChildOptions) {
    this.#options = options;
    this.#reader = new NutReader(options.allocate, options.maxPacketBytes);
    // A group of its own: Ctrl-C is for the media peer, which ends its children itself.
    this.#process = spawn(options.program, options.args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    live += 1;
    const { stdin, stdout, stderr } = this.#process;
    stdout.on('data', (chunk: Uint8Array) => this.#onOutput(chunk));
    stderr.setEncoding('utf8').on('data', (text: string) => this.#onWords(text));
    // A process that is gone tells so by its end; writing to it is no error of its own.
    for (const stream of [stdin, stdout, stderr]) stream.on('error', () => {});
    this.#process.once('error', (error) => this.#onEnd(error.message));
    this.#process.once('close', (status, signal) => this.#onEnd(`it ended with ${signal ?? status}`));
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Of the pictures that come out, in pixels. */
  get size(): { readonly width: number; readonly height: number } {
    return this.#reader.size;
  }

  /** @param written called once the bytes, which must not change before, are out of this process or never will be */
  write(bytes: Uint8Array, written?: () => void): void {
    this.#process.stdin.write(bytes, () => written?.());
  }

  /** Nothing more will be written: it ends once it has put out what it was given. */
  endInput(): void {
    this.#process.stdin.end();
  }

  /** Ends it at once, without a word. */
  kill(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#process.kill('SIGKILL');
    this.#process.stdout.removeAllListeners('data').resume();
    this.#process.stdin.destroy();
  }

  #onOutput(chunk: Uint8Array): void {
    try {
      for (const packet of this.#reader.push(chunk)) if (!this.#ended) this.#options.onPacket(packet);
    } catch (error) {
      this.complaints.add(String(error));
      this.kill();
      this.#options.onEnd();
    }
  }

  #onWords(text: string): void {
    if (this.complaints.read(text) && !this.#ended) this.#options.onComplaint();
  }

  #onEnd(reason: string): void {
    if (this.#counted) live -= 1;
    this.#counted = false;
    this.complaints.end();
    if (this.#ended) return;
    this.#ended = true;
    this.complaints.add(reason);
    this.#options.onEnd();
  }
}

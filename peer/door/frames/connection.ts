import type { RawData, WebSocket } from 'ws';
import { SightlineError } from '../../../protocol/errors.ts';
import { faultsIn } from '../../../protocol/faults.ts';
import {
  type FrameConfigure,
  type FrameError,
  type FromServer,
  fromClientSchema,
} from '../../../protocol/frame-messages.ts';
import { toProblem } from '../../../protocol/problem.ts';
import { TextOut } from './text-out.ts';

const MAX_TEXT = 16_384;
const STATS_INTERVAL_MS = 1_000;
/** One that answers no ping for so long is gone, whatever its connection says. In intervals of the statistics. */
const PING_EVERY = 15;
const MAX_UNANSWERED = 4;
/** RFC 6455, section 7.4.1, and the IANA registry of close codes. */
const NORMAL = 1000;
const POLICY_VIOLATION = 1008;
const TRY_AGAIN_LATER = 1013;

type Stats = Omit<Extract<FromServer, { type: 'stats' }>, 'type'>;

export interface FramesHandlers {
  readonly onConfigure: (message: FrameConfigure) => void;
  readonly onAck: (frame: number) => void;
  readonly onFrame: (message: Uint8Array) => void;
  readonly stats: () => Stats;
  /** Once, when the connection has ended. */
  readonly onClose: () => void;
}

/** One WebSocket of `/ws/frames`: reads and checks what comes, and tells how it goes once a second. */
export class FramesConnection {
  readonly text: TextOut;
  readonly #socket: WebSocket;
  readonly #handlers: FramesHandlers;
  readonly #timer: NodeJS.Timeout;
  #ticks = 0;
  #unanswered = 0;

  constructor(socket: WebSocket, handlers: FramesHandlers) {
    this.#socket = socket;
    this.#handlers = handlers;
    this.text = new TextOut(socket);
    this.#timer = setInterval(() => this.#tick(), STATS_INTERVAL_MS);
    socket.on('message', (data, isBinary) => this.#take(data, isBinary));
    socket.on('pong', () => this.#hear());
    socket.once('close', () => {
      clearInterval(this.#timer);
      handlers.onClose();
    });
  }

  /** Tells the client of something that went wrong; the connection stays. */
  refuse(error: unknown, about: Pick<FrameError, 'frame' | 'id'> = {}): void {
    this.text.send(errorMessage(error, about));
  }

  /** Tells that there is nothing more to come, and closes. */
  end(reason: string): void {
    this.#socket.close(NORMAL, reason.slice(0, 100));
  }

  #take(data: RawData, isBinary: boolean): void {
    this.#hear();
    const bytes = toBytes(data);
    if (isBinary) {
      this.#handlers.onFrame(bytes);
      return;
    }
    try {
      this.#takeText(bytes);
    } catch (error) {
      this.refuse(error);
    }
  }

  #takeText(bytes: Uint8Array): void {
    if (bytes.length > MAX_TEXT) throw invalid(`at most ${MAX_TEXT} characters, found ${bytes.length}`);
    const parsed = fromClientSchema.safeParse(parseJson(Buffer.from(bytes).toString()));
    if (!parsed.success) {
      throw invalid(`a configure or an ack, found ${faultsIn(parsed.error, 'message')}`);
    }
    if (parsed.data.type === 'ack') this.#handlers.onAck(parsed.data.frame);
    else this.#handlers.onConfigure(parsed.data);
  }

  #hear(): void {
    this.#unanswered = 0;
  }

  #tick(): void {
    this.text.send({ type: 'stats', ...this.#handlers.stats() });
    if (++this.#ticks % PING_EVERY !== 0) return;
    if (++this.#unanswered > MAX_UNANSWERED) this.#socket.terminate();
    else this.#socket.ping();
  }
}

/** Says why a connection cannot be served, and closes it. */
export function turnAway(socket: WebSocket, error: unknown): void {
  const message = errorMessage(error);
  socket.send(JSON.stringify(message));
  const mayPass = toProblem(error).status >= 500;
  socket.close(mayPass ? TRY_AGAIN_LATER : POLICY_VIOLATION, message.code);
}

function errorMessage(error: unknown, about: Pick<FrameError, 'frame' | 'id'> = {}): FrameError {
  const { code, detail } = toProblem(error);
  return { type: 'error', code, detail, ...about };
}

function toBytes(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('JSON, found something else; frames are binary messages');
  }
}

function invalid(words: string): SightlineError {
  return new SightlineError('frame-message-invalid', `Cannot read the message: expected ${words}`);
}

import type { FrameConfigure, FromServer } from '../../protocol/frame-messages.ts';
import { type FrameFormat, type FrameHeader, readFrame, writeFrameHeader } from '../../protocol/frames.ts';
import { Emitter } from './emitter.ts';

type Message<Type extends FromServer['type']> = Extract<FromServer, { type: Type }>;

export interface FramesEvents {
  /** What was found in one frame; `frame` is the number that `send()` gave it. */
  detections: [Message<'detections'>];
  /** A frame with what is found drawn in. Its bytes are a JPEG file. */
  frame: [header: FrameHeader, jpeg: Uint8Array<ArrayBuffer>];
  configured: [Message<'configured'>];
  stats: [Message<'stats'>];
  /** A model of the session fails again and again, or works again. */
  notice: [Message<'notice'>];
  /** Something was refused; the connection stays. */
  refused: [Message<'error'>];
  closed: [reason: string];
}

export interface FramesOptions {
  /** Where the server is; this page's own origin when left out. */
  url?: string | URL;
  key?: string | undefined;
  /** Watches this session in place of opening one. */
  session?: string;
  /** Of the session: `task`, `model`, `threshold`, …; of what comes back: `annotated`, `quality`, `width`, `fps`. */
  query?: Record<string, string | number>;
}

/** A picture that is sent: a file of a still picture, or pixels without padding. */
export interface OutgoingFrame {
  readonly format: FrameFormat;
  readonly width: number;
  readonly height: number;
  /** Unix milliseconds; of now when left out. */
  readonly captureTime?: number;
  readonly data: Uint8Array;
}

/**
 * Frames over a WebSocket: sends them to the server, or watches a session of another. One that is sent while the server
 * has not acknowledged those before waits, and a newer one replaces it.
 */
export class Frames extends Emitter<FramesEvents> {
  readonly session: Message<'session'>;
  readonly #socket: WebSocket;
  #unacknowledged: number[] = [];
  #waiting: { readonly sequence: number; readonly frame: OutgoingFrame } | undefined;
  #sequence = 0;
  #dropped = 0;

  /** @throws Error in the words of the server */
  static open({ url = location.href, key, session, query = {} }: FramesOptions = {}): Promise<Frames> {
    const target = new URL('ws/frames', new URL(url, globalThis.location?.href));
    target.protocol = target.protocol.replace('http', 'ws');
    for (const [name, value] of Object.entries({
      ...query,
      ...(session && { session }),
      ...(key && { key }),
    }))
      target.searchParams.set(name, String(value));
    const socket = new WebSocket(target);
    socket.binaryType = 'arraybuffer';
    return new Promise((resolve, reject) => {
      socket.onmessage = ({ data }) => {
        const first = JSON.parse(data) as FromServer;
        if (first.type === 'session') resolve(new Frames(socket, first));
        else
          reject(new Error(first.type === 'error' ? first.detail : 'The server began with something else'));
      };
      socket.onclose = ({ reason }) => reject(new Error(reason || 'The server cannot be reached'));
    });
  }

  private constructor(socket: WebSocket, session: Message<'session'>) {
    super();
    this.session = session;
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#take(data);
    socket.onclose = ({ reason }) => this.emit('closed', reason);
  }

  /** Frames that a newer one replaced before they could be sent. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Whether the next frame would be sent at once: only then it is worth making one. */
  get isReady(): boolean {
    return this.#unacknowledged.length < this.session.credits;
  }

  /** @returns the number of the frame, which results name */
  send(frame: OutgoingFrame): number {
    const sequence = this.#sequence++ >>> 0;
    if (this.#waiting) this.#dropped++;
    this.#waiting = { sequence, frame };
    this.#flush();
    return sequence;
  }

  configure(changes: Omit<FrameConfigure, 'type'>): void {
    this.#tell({ type: 'configure', ...changes });
  }

  close(): void {
    this.#socket.close();
  }

  #take(data: ArrayBuffer | string): void {
    if (typeof data !== 'string') {
      const { header, payload } = readFrame(new Uint8Array(data));
      this.emit('frame', header, payload as Uint8Array<ArrayBuffer>);
      this.#tell({ type: 'ack', frame: header.sequence });
      return;
    }
    const message = JSON.parse(data) as FromServer;
    switch (message.type) {
      case 'ack':
        this.#done(message.frame);
        break;
      case 'error':
        // A frame whose header could not be read is not named, and done with all the same.
        if (message.id === undefined) this.#done(message.frame ?? this.#unacknowledged[0]);
        this.emit('refused', message);
        break;
      case 'detections':
        this.emit('detections', message);
        break;
      case 'configured':
        this.emit('configured', message);
        break;
      case 'notice':
        this.emit('notice', message);
        break;
      case 'stats':
        this.emit('stats', message);
        break;
      case 'session':
        break; // it comes once, first of all
    }
  }

  #done(sequence: number | undefined): void {
    if (sequence === undefined) return;
    this.#unacknowledged = this.#unacknowledged.slice(this.#unacknowledged.indexOf(sequence) + 1);
    this.#flush();
  }

  #flush(): void {
    if (!this.#waiting || !this.isReady || this.#socket.readyState !== WebSocket.OPEN) return;
    const { sequence, frame } = this.#waiting;
    this.#waiting = undefined;
    this.#unacknowledged.push(sequence);
    const { format, width, height, data, captureTime = performance.timeOrigin + performance.now() } = frame;
    const payloadLength = data.length;
    const header = { format, payloadLength, width, height, sequence, captureTime, rtpTimestamp: 0 };
    const message = new Uint8Array(writeFrameHeader(header).length + payloadLength);
    message.set(writeFrameHeader(header));
    message.set(data, message.length - payloadLength);
    this.#socket.send(message);
  }

  #tell(message: object): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}

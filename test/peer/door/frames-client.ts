import { EventEmitter, once } from 'node:events';
import type { WebSocket } from 'ws';
import { type FromServer, fromServerSchema } from '../../../protocol/frame-messages.ts';
import { type FrameHeader, readFrame, writeFrameHeader } from '../../../protocol/frames.ts';

type Message<Type extends FromServer['type']> = Extract<FromServer, { type: Type }>;
type Frame = ReturnType<typeof readFrame>;

/** One end of `/ws/frames` that checks every message against its schema and keeps them by their kind. */
export class FramesClient {
  readonly socket: WebSocket;
  session!: Message<'session'>;
  readonly #news = new EventEmitter();
  readonly #messages: FromServer[] = [];
  readonly #frames: Frame[] = [];

  static async open(socket: WebSocket): Promise<FramesClient> {
    const client = new FramesClient(socket);
    client.session = await client.next('session');
    return client;
  }

  private constructor(socket: WebSocket) {
    this.socket = socket;
    this.#news.setMaxListeners(0);
    socket.on('error', () => {});
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.#frames.push(readFrame(data));
      else this.#messages.push(fromServerSchema.parse(JSON.parse(String(data))));
      this.#news.emit('news');
    });
  }

  /** Frames that nobody has taken yet. */
  get framesWaiting(): number {
    return this.#frames.length;
  }

  /** The oldest message of a type that nobody has taken yet. */
  next<Type extends FromServer['type']>(type: Type): Promise<Message<Type>> {
    return this.#take(() => {
      const index = this.#messages.findIndex((message) => message.type === type);
      return index < 0 ? undefined : (this.#messages.splice(index, 1)[0] as Message<Type>);
    });
  }

  /** Those of a type that have come and that nobody has taken yet. */
  taken<Type extends FromServer['type']>(type: Type): Message<Type>[] {
    const found = this.#messages.filter((message): message is Message<Type> => message.type === type);
    this.#messages.splice(0, Infinity, ...this.#messages.filter((message) => message.type !== type));
    return found;
  }

  nextFrame(): Promise<Frame> {
    return this.#take(() => this.#frames.shift());
  }

  async #take<T>(take: () => T | undefined): Promise<T> {
    for (;;) {
      const found = take();
      if (found !== undefined) return found;
      await once(this.#news, 'news');
    }
  }

  send(fields: Partial<FrameHeader>, payload: Uint8Array): void {
    const header = {
      format: 'jpeg',
      payloadLength: payload.length,
      width: 64,
      height: 48,
      sequence: 0,
      captureTime: 0,
      rtpTimestamp: 0,
    } as const;
    this.socket.send(Buffer.concat([writeFrameHeader({ ...header, ...fields }), payload]));
  }

  tell(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  close(): void {
    this.socket.close();
  }
}

import { once } from 'node:events';
import { WebSocket } from 'ws';
import { writeFrameHeader } from '../../protocol/frames.ts';

/** Sends JPEGs of 640×480 over a WebSocket, over and over, each with the time at which it is sent. */
export class FrameFeeder {
  readonly sessionId: string;
  readonly #socket: WebSocket;
  readonly #timer: NodeJS.Timeout;
  #sequence = 0;

  static async open(url: string, jpegs: readonly Uint8Array[], fps: number): Promise<FrameFeeder> {
    const socket = new WebSocket(new URL('/ws/frames', url.replace('http', 'ws')));
    const [message] = await once(socket, 'message');
    const { sessionId, detail } = JSON.parse(String(message)) as { sessionId?: string; detail?: string };
    if (sessionId === undefined) throw new Error(detail);
    return new FrameFeeder(socket, sessionId, jpegs, fps);
  }

  private constructor(socket: WebSocket, sessionId: string, jpegs: readonly Uint8Array[], fps: number) {
    this.#socket = socket;
    this.sessionId = sessionId;
    this.#timer = setInterval(() => this.#send(jpegs), 1000 / fps);
    this.#send(jpegs);
  }

  #send(jpegs: readonly Uint8Array[]): void {
    const sequence = this.#sequence++;
    const jpeg = jpegs[sequence % jpegs.length] ?? new Uint8Array();
    const header = writeFrameHeader({
      format: 'jpeg',
      payloadLength: jpeg.length,
      width: 640,
      height: 480,
      sequence,
      captureTime: performance.timeOrigin + performance.now(),
      rtpTimestamp: 0,
    });
    this.#socket.send(Buffer.concat([header, jpeg]));
  }

  close(): void {
    clearInterval(this.#timer);
    this.#socket.close();
  }
}

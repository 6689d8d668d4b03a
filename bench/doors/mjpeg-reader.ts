import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { eventually } from '../../test/support/eventually.ts';

/** Reads MJPEG as fast as it comes, until it stops. */
export class MjpegReader {
  readonly #request: ClientRequest;
  readonly #answer: IncomingMessage;
  #rest = Buffer.alloc(0);
  #delays: number[] = [];
  #frameBytes = 0;

  static async open(url: string, sessionId: string, query = ''): Promise<MjpegReader> {
    const target = new URL(`/sessions/${sessionId}/mjpeg${query}`, url);
    return eventually(
      async () => {
        const asked = request(target, { agent: false }).end();
        const [answer] = (await once(asked, 'response')) as [IncomingMessage];
        return new MjpegReader(asked, answer);
      },
      (reader) => reader.#answer.statusCode === 200,
    );
  }

  private constructor(asked: ClientRequest, answer: IncomingMessage) {
    this.#request = asked;
    this.#answer = answer;
    asked.on('error', () => {});
    answer.on('error', () => {});
    answer.on('data', (chunk: Buffer) => {
      this.#rest = Buffer.concat([this.#rest, chunk]);
      while (this.#takeFrame());
    });
  }

  /** Since the last call: the delay of each frame in milliseconds, and the bytes of the newest. */
  take(): { delays: number[]; frameBytes: number } {
    return { delays: this.#delays.splice(0), frameBytes: this.#frameBytes };
  }

  stall(): void {
    this.#answer.pause();
  }

  close(): void {
    this.#request.destroy();
  }

  #takeFrame(): boolean {
    const headEnd = this.#rest.indexOf('\r\n\r\n');
    if (headEnd < 0) return false;
    const head = this.#rest.toString('latin1', 0, headEnd);
    const length = Number(/Content-Length: (\d+)/.exec(head)?.[1]);
    const end = headEnd + 4 + length + 2;
    if (this.#rest.length < end) return false;
    const captured = Number(/X-Timestamp: (\S+)/.exec(head)?.[1]);
    this.#delays.push(performance.timeOrigin + performance.now() - captured);
    this.#frameBytes = length;
    this.#rest = this.#rest.subarray(end);
    return true;
  }
}

import type { WebSocket } from 'ws';
import type { FromServer } from '../../../protocol/frame-messages.ts';

/** Bytes of text that may wait in the socket. */
const MAX_WAITING = 64 * 1024;

/**
 * Sends text to one client. Where it does not keep up, one message of each type waits, which a newer one replaces: of
 * acknowledgements and statistics the newest says all, and of results and errors it is the one that matters.
 */
export class TextOut {
  readonly #socket: WebSocket;
  readonly #pending = new Map<FromServer['type'], FromServer>();
  #waiting = 0;
  #results = 0;
  #resultsDropped = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  stats(): { results: number; resultsDropped: number } {
    return { results: this.#results, resultsDropped: this.#resultsDropped };
  }

  send(message: FromServer): void {
    const { type } = message;
    if (this.#waiting > MAX_WAITING) {
      if (type === 'detections' && this.#pending.has(type)) this.#resultsDropped++;
      this.#pending.set(type, message);
      return;
    }
    const text = JSON.stringify(message);
    if (type === 'detections') this.#results++;
    this.#waiting += text.length;
    this.#socket.send(text, () => {
      this.#waiting -= text.length;
      this.#flush();
    });
  }

  #flush(): void {
    for (const [type, message] of this.#pending) {
      if (this.#waiting > MAX_WAITING) return;
      this.#pending.delete(type);
      this.send(message);
    }
  }
}

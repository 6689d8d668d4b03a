import { PassThrough } from 'node:stream';
import type { RouterContext } from '@koa/router';
import type { SceneEvent } from '../../protocol/events.ts';
import type { PeerHub } from '../peers/peer-hub.ts';

/** Proxies give up a connection on which nothing is said for a minute. */
const HEARTBEAT_MS = 15_000;
/** Bytes that may wait for a reader; events beyond are dropped, and it is told how many. */
const MAX_WAITING = 64 * 1024;

/**
 * `GET /sessions/:id/events`: what happens in front of the cameras of a session, as server-sent events (HTML standard,
 * section 9.2). Each has the kind as its name and the event as JSON; `closed` is the last, when the session has ended.
 */
export function getSessionEvents(hub: PeerHub) {
  return async (ctx: RouterContext): Promise<void> => {
    const sessionId = String(ctx.params['id']);
    await hub.peerOf(sessionId).describe(sessionId);
    const stream = new PassThrough();
    const writer = new EventWriter(stream);
    const end = hub.watch(sessionId, (event) => writer.tell(event));
    const heartbeat = setInterval(() => writer.comment('still here'), HEARTBEAT_MS);
    stream.once('close', () => {
      clearInterval(heartbeat);
      end();
    });
    ctx.set('Cache-Control', 'no-store');
    ctx.set('X-Accel-Buffering', 'no');
    ctx.type = 'text/event-stream';
    ctx.body = stream;
    writer.comment(`events of ${sessionId}`);
  };
}

/** Writes events to one reader. Drop policy: the newest, where the reader is too slow for them. */
class EventWriter {
  readonly #stream: PassThrough;
  #dropped = 0;

  constructor(stream: PassThrough) {
    this.#stream = stream;
  }

  tell(event: SceneEvent | undefined): void {
    if (event === undefined) this.#stream.end('event: closed\ndata: {}\n\n');
    else if (this.#stream.readableLength > MAX_WAITING) this.#dropped++;
    else this.#write(`event: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`);
  }

  comment(words: string): void {
    if (this.#stream.readableLength <= MAX_WAITING) this.#write(`: ${words}\n\n`);
  }

  #write(text: string): void {
    if (this.#dropped > 0) this.#stream.write(`: ${this.#dropped} events were dropped\n\n`);
    this.#dropped = 0;
    this.#stream.write(text);
  }
}

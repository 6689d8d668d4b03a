import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { Link } from './link.ts';
import { withoutCandidates, withRelays } from './relayed-sdp.ts';

/** Headers that hold for one hop, or for a body that is written anew. */
const OWN_HEADERS = [
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'accept-encoding',
  'keep-alive',
];

/**
 * Stands before a Sightline and hands every HTTP request on. Offers and answers are rewritten so that all media goes
 * over a link, both ways: the answer names relays in place of the server's ports, and the offer names no candidates, so
 * that the server knows no other way to the client than back through the relay.
 */
export class LinkedServer implements AsyncDisposable {
  readonly #target: URL;
  readonly #link: Link;
  readonly #http: Server;

  static async open(target: string, link: Link): Promise<LinkedServer> {
    const server = new LinkedServer(target, link);
    server.#http.listen(0, '127.0.0.1');
    await once(server.#http, 'listening');
    return server;
  }

  private constructor(target: string, link: Link) {
    this.#target = new URL(target);
    this.#link = link;
    this.#http = createServer((request, response) => {
      this.#handOn(request, response).catch((error: unknown) => {
        response.destroy(error instanceof Error ? error : new Error(String(error)));
      });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  async #handOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = mapSdp(await text(request), request.headers['content-type'], withoutCandidates);
    const answer = await fetch(new URL(request.url ?? '/', this.#target), {
      method: request.method ?? 'GET',
      headers: this.#headersOf(request),
      redirect: 'manual',
      ...(request.method === 'GET' || request.method === 'HEAD' ? {} : { body: await body }),
    });
    const type = answer.headers.get('content-type') ?? '';
    const headers = [...answer.headers].filter(
      ([name]) => ![...OWN_HEADERS, 'content-encoding'].includes(name),
    );
    response.writeHead(answer.status, Object.fromEntries(headers));
    if (carriesSdp(type)) {
      response.end(await mapSdp(await answer.text(), type, (sdp) => this.#relayed(sdp)));
    } else if (answer.body) {
      Readable.fromWeb(answer.body as import('node:stream/web').ReadableStream).pipe(response);
    } else response.end();
  }

  #headersOf({ headers }: IncomingMessage): Headers {
    const handedOn = new Headers();
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined && !OWN_HEADERS.includes(name)) handedOn.set(name, String(value));
    }
    if (handedOn.get('origin') === this.url) handedOn.set('origin', this.#target.origin);
    return handedOn;
  }

  #relayed(sdp: string): Promise<string> {
    return withRelays(sdp, (target) => this.#link.relay(target));
  }

  /** Takes no more requests and drops those that are going on. The link stays the caller's. Idempotent. */
  async close(): Promise<void> {
    if (!this.#http.listening) return;
    const closed = once(this.#http, 'close');
    this.#http.close();
    this.#http.closeAllConnections();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function carriesSdp(type = ''): boolean {
  return /^application\/(json|sdp|trickle-ice-sdpfrag)/.test(type);
}

/** Rewrites the SDP in a body: the whole of it, or its field `sdp` where it is JSON. */
async function mapSdp(
  body: string,
  type: string | undefined,
  rewrite: (sdp: string) => string | Promise<string>,
): Promise<string> {
  if (body === '' || !carriesSdp(type)) return body;
  if (!type?.startsWith('application/json')) return rewrite(body);
  const message: unknown = JSON.parse(body);
  if (typeof message !== 'object' || message === null || !('sdp' in message)) return body;
  if (typeof message.sdp !== 'string') return body;
  return JSON.stringify({ ...message, sdp: await rewrite(message.sdp) });
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { RouterContext } from '@koa/router';
import { SightlineError } from '../../protocol/errors.ts';
import type { ConnectedPeer } from '../peers/connected-peer.ts';
import { doorOf } from './door-of.ts';
import { endToEnd, forPeer, targetOf } from './headers.ts';
import { watchUpload } from './upload-watch.ts';

/** From the end of a request to the head of its answer: a model may have to be loaded for it. */
const HEAD_TIMEOUT_MS = 60_000;

/**
 * One connection each: one that is used again could be closed by the peer at that moment, and saves nothing that could
 * be measured. The peer must not know: it would close one for a single request as soon as it has answered, and where it
 * has not read all of the body the answer would be lost with it.
 */
const agent = new Agent({ keepAlive: true, maxFreeSockets: 0 });

/**
 * Passes a request on to the door of a media peer, and its answer back, both as streams with back-pressure. A caller
 * that hangs up ends the request there; a media peer that is lost ends the answer here.
 *
 * @param choose the media peer; throws where there is none
 * @param body of the request, where it was read already
 */
export function passOn(choose: (ctx: RouterContext) => ConnectedPeer, body?: string) {
  return async (ctx: RouterContext): Promise<void> => {
    const peer = choose(ctx);
    using _passing = peer.passing();
    const { url, token } = doorOf(peer);
    const headers = forPeer(ctx.req.headers, token);
    const upstream = request(targetOf(ctx.url, url), { method: ctx.method, headers, agent });
    ctx.res.once('close', () => {
      if (!ctx.res.writableFinished) upstream.destroy();
    });
    if (body === undefined) upload(ctx.req, upstream);
    else upstream.setHeader('Content-Length', Buffer.byteLength(body)).end(body);
    const answer = await headOf(upstream, ctx, peer.peerId);
    await download(answer, ctx);
  };
}

/** Not as a pipeline, which would end the caller's connection where the peer answers before it has read all. */
function upload(body: IncomingMessage, upstream: ClientRequest): void {
  // Node would write it without a frame where the method has no body as a rule: as if it were the next request.
  if (body.headers['transfer-encoding'] !== undefined) upstream.setHeader('Transfer-Encoding', 'chunked');
  const unwatch = watchUpload(body, { isHeldBack: () => upstream.writableNeedDrain });
  body.pipe(upstream);
  upstream.once('close', () => {
    unwatch();
    body.unpipe(upstream);
    body.resume();
  });
}

function headOf(upstream: ClientRequest, { req }: RouterContext, peerId: string): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  let timer: NodeJS.Timeout | undefined;
  const expect = () => {
    timer = setTimeout(() => upstream.destroy(timedOut(peerId)), HEAD_TIMEOUT_MS);
  };
  upstream.once('finish', expect);
  upstream.once('response', resolve);
  upstream.on('error', (error) => reject(error instanceof SightlineError ? error : lost(peerId, error)));
  upstream.once('close', () => reject(lost(peerId, req.destroyed ? 'the caller hung up' : 'no answer')));
  return promise.finally(() => {
    upstream.off('finish', expect);
    clearTimeout(timer);
  });
}

async function download(answer: IncomingMessage, ctx: RouterContext): Promise<void> {
  ctx.respond = false;
  ctx.status = answer.statusCode ?? 502;
  for (const [name, value] of Object.entries(endToEnd(answer.headers)))
    if (value !== undefined) ctx.res.setHeader(name, value);
  ctx.res.flushHeaders();
  // Ends the answer with its connection where either side breaks off: there is no other way to tell by then.
  await pipeline(answer, ctx.res).catch(() => ctx.res.destroy());
}

function lost(peerId: string, cause: unknown): SightlineError {
  const message = `Media peer ${peerId} went away before it answered`;
  return new SightlineError('peer-lost', message, { cause, retryAfterSeconds: 1 });
}

function timedOut(peerId: string): SightlineError {
  return new SightlineError(
    'peer-timeout',
    `Media peer ${peerId} was passed a request: expected an answer within ${HEAD_TIMEOUT_MS} ms, found none`,
    { retryAfterSeconds: 1 },
  );
}

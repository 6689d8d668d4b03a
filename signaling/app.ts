import { Router } from '@koa/router';
import Koa, { type Middleware } from 'koa';
import { getApiPage, getApiPageFile } from './api/page.ts';
import { getAsyncApi, getOpenApi } from './api/serve-documents.ts';
import type { SignalingConfig } from './config.ts';
import { passOn } from './door/pass-on.ts';
import type { Log } from './log.ts';
import { allowedMethods } from './middleware/allowed-methods.ts';
import { cors } from './middleware/cors.ts';
import { errorBoundary } from './middleware/error-boundary.ts';
import { requestLog } from './middleware/request-log.ts';
import { requireKey } from './middleware/require-key.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import type { PeerHub } from './peers/peer-hub.ts';
import { serveClient } from './routes/client.ts';
import { getHealth, getReady } from './routes/health.ts';
import { getIceServers } from './routes/ice-servers.ts';
import { getModels } from './routes/models.ts';
import { postOffer } from './routes/offer.ts';
import { patchIce, patchSession } from './routes/patch-session.ts';
import { getRecordings, passToKeeper } from './routes/recordings.ts';
import { getSessionEvents } from './routes/session-events.ts';
import { deleteSession, getSession } from './routes/sessions.ts';
import { postSource } from './routes/sources.ts';
import { acceptPost, postSessionWhep, postWhep } from './routes/whep.ts';
import { deleteWebrtc, postWhip } from './routes/whip.ts';

export interface AppOptions {
  readonly config: Pick<SignalingConfig, 'key' | 'corsOrigins' | 'ice'>;
  readonly hub: PeerHub;
  readonly log: Log;
  /** Where the built client page lies. */
  readonly clientDirectory: string;
}

/** Everything that signaling answers over HTTP. */
export function createApp({ config, hub, log, clientDirectory }: AppOptions): Koa {
  const open = new Router()
    .get('/healthz', getHealth(hub))
    .get('/readyz', getReady(hub))
    .get('/openapi.json', getOpenApi(config.key !== undefined))
    .get('/asyncapi.json', getAsyncApi())
    .get('/docs/api', getApiPage)
    .get('/docs/api/:file', getApiPageFile);
  const api = new Router()
    .post('/offer', postOffer(hub))
    .post('/sources', postSource(hub))
    .get('/sessions/:id', getSession(hub))
    .get('/sessions/:id/events', getSessionEvents(hub))
    .get(
      '/sessions/:id/mjpeg',
      passOn(({ params }) => hub.peerOf(String(params['id']))),
    )
    .get(
      '/sessions/:id/snapshot.jpg',
      passOn(({ params }) => hub.peerOf(String(params['id']))),
    )
    .patch('/sessions/:id', patchSession(hub))
    .delete('/sessions/:id', deleteSession(hub))
    .post(
      '/infer',
      passOn(({ query }) => hub.chooseForWork(oneOf(query['model']))),
    )
    .post(
      '/sessions/:id/recordings',
      passOn(({ params }) => hub.peerOf(String(params['id']))),
    )
    .get('/sessions/:id/recordings', passToKeeper(hub, 'id'))
    .delete('/sessions/:id/recordings/:rec', passToKeeper(hub))
    .get('/recordings', getRecordings(hub))
    .get('/recordings/:rec', passToKeeper(hub))
    .delete('/recordings/:rec', passToKeeper(hub))
    .get('/recordings/:rec/:file', passToKeeper(hub))
    .post('/whip', postWhip(hub, config.ice))
    .patch('/whip/:id', patchIce(hub))
    .delete('/whip/:id', deleteWebrtc(hub))
    .post('/whep', postWhep(hub, config.ice))
    .post('/sessions/:id/whep', postSessionWhep(hub, config.ice))
    .patch('/whep/:id', patchIce(hub))
    .delete('/whep/:id', deleteWebrtc(hub))
    .get('/models', getModels(hub))
    .get('/ice-servers', getIceServers(config.ice));

  const app = new Koa();
  // The boundary answers every error; this is told of callers that went away while their answer was sent
  app.on('error', (error: unknown) => log.debug({ err: error }, 'answer was not delivered'));
  app
    .use(requestLog(log))
    .use(errorBoundary(log))
    .use(securityHeaders())
    .use(onPathsOf(open, cors(config.corsOrigins)))
    .use(open.routes())
    .use(allowedMethods(open))
    .use(acceptPost())
    .use(onPathsOf(api, cors(config.corsOrigins)))
    .use(onPathsOf(api, requireKey(config.key)))
    .use(api.routes())
    .use(allowedMethods(api))
    .use(serveClient(clientDirectory));
  return app;
}

/** The value of a query parameter that is given once. */
function oneOf(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Runs a middleware for every method, known or not, on the paths of a router. */
function onPathsOf(router: Router, middleware: Middleware): Middleware {
  return (ctx, next) => (router.match(ctx.path, ctx.method).path.length > 0 ? middleware(ctx, next) : next());
}

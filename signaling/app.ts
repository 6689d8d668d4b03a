import { Router } from '@koa/router';
import Koa, { type Middleware } from 'koa';
import type { SignalingConfig } from './config.ts';
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
import { patchSession } from './routes/patch-session.ts';
import { getSessionEvents } from './routes/session-events.ts';
import { deleteSession, getSession } from './routes/sessions.ts';

export interface AppOptions {
  readonly config: Pick<SignalingConfig, 'key' | 'corsOrigins' | 'ice'>;
  readonly hub: PeerHub;
  readonly log: Log;
  /** Where the built client page lies. */
  readonly clientDirectory: string;
}

/** Everything that signaling answers over HTTP. */
export function createApp({ config, hub, log, clientDirectory }: AppOptions): Koa {
  const health = new Router().get('/healthz', getHealth(hub)).get('/readyz', getReady(hub));
  const api = new Router()
    .post('/offer', postOffer(hub))
    .get('/sessions/:id', getSession(hub))
    .get('/sessions/:id/events', getSessionEvents(hub))
    .patch('/sessions/:id', patchSession(hub))
    .delete('/sessions/:id', deleteSession(hub))
    .get('/models', getModels(hub))
    .get('/ice-servers', getIceServers(config.ice));

  const app = new Koa();
  // The boundary answers every error; this is told of callers that went away while their answer was sent
  app.on('error', (error: unknown) => log.debug({ err: error }, 'answer was not delivered'));
  app
    .use(requestLog(log))
    .use(errorBoundary(log))
    .use(securityHeaders())
    .use(onPathsOf(health, cors(config.corsOrigins)))
    .use(health.routes())
    .use(allowedMethods(health))
    .use(onPathsOf(api, cors(config.corsOrigins)))
    .use(onPathsOf(api, requireKey(config.key)))
    .use(api.routes())
    .use(allowedMethods(api))
    .use(serveClient(clientDirectory));
  return app;
}

/** Runs a middleware for every method, known or not, on the paths of a router. */
function onPathsOf(router: Router, middleware: Middleware): Middleware {
  return (ctx, next) => (router.match(ctx.path, ctx.method).path.length > 0 ? middleware(ctx, next) : next());
}

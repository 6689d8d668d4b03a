import type { RouterContext } from '@koa/router';
import type { Health } from '../../protocol/health.ts';
import type { PeerHub } from '../peers/peer-hub.ts';
import { version } from '../version.ts';

/** `GET /healthz`: that the process answers, and what its media peers say of themselves. */
export function getHealth(hub: PeerHub) {
  const startedAt = performance.now();
  return (ctx: RouterContext): void => {
    ctx.body = {
      status: 'ok',
      version,
      // Seconds
      uptime: Math.round((performance.now() - startedAt) / 1000),
      peers: hub.peers.map(({ peerId, registration, load }) => ({
        peerId,
        maxSessions: registration?.maxSessions,
        codec: registration?.codec,
        ...load,
      })),
    } satisfies Health;
    ctx.set('Cache-Control', 'no-store');
  };
}

/** `GET /readyz`: 200 when a call with the default model would be taken now, and else the problem it would meet. */
export function getReady(hub: PeerHub) {
  return (ctx: RouterContext): void => {
    ctx.set('Cache-Control', 'no-store');
    hub.choose();
    ctx.body = { status: 'ready' };
  };
}

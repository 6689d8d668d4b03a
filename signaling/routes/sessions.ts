import type { RouterContext } from '@koa/router';
import type { PeerHub } from '../peers/peer-hub.ts';

/** `GET /sessions/:id`: how a session is, asked of the media peer that has it. */
export function getSession(hub: PeerHub) {
  return async (ctx: RouterContext): Promise<void> => {
    const id = String(ctx.params['id']);
    ctx.body = await hub.peerOf(id).describe(id);
    ctx.set('Cache-Control', 'no-store');
  };
}

/** `DELETE /sessions/:id`: closes a session. */
export function deleteSession(hub: PeerHub) {
  return async (ctx: RouterContext): Promise<void> => {
    const id = String(ctx.params['id']);
    await hub.peerOf(id).closeSession(id);
    ctx.status = 204;
  };
}

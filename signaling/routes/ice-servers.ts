import type { RouterContext } from '@koa/router';
import { type IceServersConfig, iceServers } from '../ice-servers.ts';

/** `GET /ice-servers`: STUN and TURN servers for an RTCPeerConnection, with credentials that end by themselves. */
export function getIceServers(config: IceServersConfig) {
  return (ctx: RouterContext): void => {
    ctx.set('Cache-Control', 'no-store');
    ctx.body = { iceServers: iceServers(config, Date.now()) };
  };
}

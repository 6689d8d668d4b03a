import type { RouterContext } from '@koa/router';
import type { Middleware } from 'koa';
import { z } from 'zod';
import { readQuery } from '../../protocol/query.ts';
import { viewSettingsSchema } from '../../protocol/view.ts';
import { type IceServersConfig, iceServers } from '../ice-servers.ts';
import type { PeerHub } from '../peers/peer-hub.ts';
import { answerCreated, SDP_TYPE } from './webrtc-answer.ts';
import { readSdp } from './whip.ts';

const sessionQuerySchema = viewSettingsSchema.extend({ session: z.string().min(1).max(128) });

/**
 * `POST /sessions/:id/whep`: shows a session to one who only watches (WHEP, draft-ietf-wish-whep). The query chooses the
 * camera (`mid`) and the picture (`output`).
 */
export function postSessionWhep(hub: PeerHub, servers: IceServersConfig) {
  return (ctx: RouterContext): Promise<void> =>
    view(ctx, hub, servers, {
      sessionId: String(ctx.params['id']),
      settings: readQuery(viewSettingsSchema, ctx.query),
    });
}

/** `POST /whep?session=…`: the same, for players whose address is fixed but for its query. */
export function postWhep(hub: PeerHub, servers: IceServersConfig) {
  return (ctx: RouterContext): Promise<void> => {
    const { session: sessionId, ...settings } = readQuery(sessionQuerySchema, ctx.query);
    return view(ctx, hub, servers, { sessionId, settings });
  };
}

interface View {
  readonly sessionId: string;
  readonly settings: z.infer<typeof viewSettingsSchema>;
}

async function view(
  ctx: RouterContext,
  hub: PeerHub,
  servers: IceServersConfig,
  { sessionId, settings }: View,
): Promise<void> {
  const answer = await hub.view(sessionId, { ...settings, sdp: await readSdp(ctx) });
  if (ctx.req.socket.destroyed) await hub.peerOf(answer.sessionId).closeSession(answer.sessionId);
  answerCreated(ctx, `/whep/${answer.sessionId}`, answer, iceServers(servers, Date.now()));
}

/** Tells on OPTIONS what may be posted to the addresses of WHIP and WHEP (RFC 9725, section 4.2). */
export function acceptPost(): Middleware {
  return (ctx, next) => {
    const takesOffers = /^\/(whip|whep|sessions\/[^/]+\/whep)$/.test(ctx.path);
    if (ctx.method === 'OPTIONS' && takesOffers) ctx.set('Accept-Post', SDP_TYPE);
    return next();
  };
}

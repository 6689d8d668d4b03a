import type { RouterContext } from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import { SightlineError } from '../../protocol/errors.ts';
import { readQuery, settingsQuery, toSettings } from '../../protocol/query.ts';
import { liveSettingsSchema } from '../../protocol/session.ts';
import { type IceServersConfig, iceServers } from '../ice-servers.ts';
import { readBody } from '../middleware/read-body.ts';
import type { PeerHub } from '../peers/peer-hub.ts';
import { answerCreated, SDP_TYPE } from './webrtc-answer.ts';

const querySchema = z.strictObject({ ...settingsQuery, output: liveSettingsSchema.shape.output });

/**
 * `POST /whip`: opens a session for one who sends and takes nothing back (WHIP, RFC 9725). Settings are in the query.
 * The session is one like those of `POST /offer`, under the same id.
 */
export function postWhip(hub: PeerHub, servers: IceServersConfig) {
  return async (ctx: RouterContext): Promise<void> => {
    const settings = toSettings(readQuery(querySchema, ctx.query));
    const sdp = sendOnly(await readSdp(ctx));
    const answer = await hub.open({ ...settings, type: 'offer', sdp });
    if (ctx.req.socket.destroyed) await hub.peerOf(answer.sessionId).closeSession(answer.sessionId);
    answerCreated(ctx, `/whip/${answer.sessionId}`, answer, iceServers(servers, Date.now()));
  };
}

/** `DELETE /whip/:id` and `DELETE /whep/:id`: ends what the `POST` began (RFC 9725, section 4.2). */
export function deleteWebrtc(hub: PeerHub) {
  return async (ctx: RouterContext): Promise<void> => {
    const id = String(ctx.params['id']);
    await hub.peerOf(id).closeSession(id);
    ctx.status = 200;
    ctx.body = '';
  };
}

/**
 * The offer in the body of a request.
 * @throws SightlineError `media-type-unsupported`, `body-too-large`, `sdp-invalid`
 */
export async function readSdp(ctx: Context): Promise<string> {
  const sdp = await readBody(ctx, SDP_TYPE, 'sdp-invalid');
  if (sdp !== '') return sdp;
  throw new SightlineError('sdp-invalid', 'Cannot parse the SDP: expected an offer in the body, found none');
}

/** Nothing goes back, whatever is offered: the answer has to say `recvonly` (RFC 9725, section 4.4). */
function sendOnly(offerSdp: string): string {
  const [session = '', ...sections] = offerSdp.split(/^(?=m=)/m);
  const sending = sections.map((section) => {
    if (!/^m=(audio|video) /.test(section) || /^a=(sendonly|recvonly|inactive)\r?$/m.test(section))
      return section;
    const directed = section.replace(/^a=sendrecv(\r?)$/m, 'a=sendonly$1');
    return directed === section ? `${section.replace(/(\r?\n)?$/, '')}\r\na=sendonly\r\n` : directed;
  });
  return [session, ...sending].join('');
}

import type { RouterContext } from '@koa/router';
import { z } from 'zod';
import { SightlineError } from '../../protocol/errors.ts';
import { faultsIn } from '../../protocol/faults.ts';
import { type Offer, offerSchema } from '../../protocol/session.ts';
import { readJson } from '../middleware/read-json.ts';
import type { PeerHub } from '../peers/peer-hub.ts';

/** `POST /offer`: opens a session on a media peer and answers with its SDP. */
export function postOffer(hub: PeerHub) {
  return async (ctx: RouterContext): Promise<void> => {
    const offer = parseOffer(await readJson(ctx));
    const answer = await hub.open(offer);
    if (ctx.req.socket.destroyed) await hub.peerOf(answer.sessionId).closeSession(answer.sessionId);
    ctx.set('Location', `/sessions/${answer.sessionId}`);
    if (answer.iceSession !== undefined) ctx.set('ETag', `"${answer.iceSession}"`);
    ctx.status = 200;
    ctx.body = answer;
  };
}

const answerSchema = z.object({ type: z.enum(['answer', 'pranswer', 'rollback']) });

function parseOffer(body: unknown): Offer {
  const answer = answerSchema.safeParse(body);
  if (answer.success) {
    throw new SightlineError(
      'offer-expected',
      `Cannot answer: expected a description of type offer, found ${answer.data.type}`,
    );
  }
  const parsed = offerSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new SightlineError(
    'offer-invalid',
    `Cannot use the body as an offer: ${faultsIn(parsed.error, 'body')}`,
  );
}

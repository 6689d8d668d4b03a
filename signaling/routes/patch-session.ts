import type { RouterContext } from '@koa/router';
import { SightlineError } from '../../protocol/errors.ts';
import { faultsIn } from '../../protocol/faults.ts';
import { formatFragment, parseFragment, SDP_FRAGMENT_TYPE } from '../../protocol/ice.ts';
import { type LiveSettings, settingsChangeSchema } from '../../protocol/session.ts';
import { readBody } from '../middleware/read-body.ts';
import { readJson } from '../middleware/read-json.ts';
import type { PeerHub } from '../peers/peer-hub.ts';

/**
 * `PATCH /sessions/:id` with an SDP fragment: candidates that the client found after its offer (204), or the restart of
 * ICE (200, with the fragment of the server), as WHIP has it (RFC 9725, section 4.3). With JSON: settings of the
 * session, as its offer has them (200, with all settings as they are from now on).
 */
export function patchSession(hub: PeerHub) {
  const ice = patchIce(hub);
  return async (ctx: RouterContext): Promise<void> => {
    if (ctx.is('application/json') !== 'application/json') return ice(ctx);
    const sessionId = String(ctx.params['id']);
    const peer = hub.peerOf(sessionId);
    ctx.body = await peer.configure(sessionId, parseSettings(await readJson(ctx)));
    ctx.set('Cache-Control', 'no-store');
  };
}

function parseSettings(body: unknown): LiveSettings {
  const parsed = settingsChangeSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new SightlineError('control-invalid', `Cannot take the settings: ${faultsIn(parsed.error, 'body')}`);
}

/** Of a `PATCH` with an SDP fragment alone, as for WHIP and WHEP; the id is that of a session or of a viewer. */
export function patchIce(hub: PeerHub) {
  return async (ctx: RouterContext): Promise<void> => {
    const sessionId = String(ctx.params['id']);
    const peer = hub.peerOf(sessionId);
    const sections = parseFragment(await readBody(ctx, SDP_FRAGMENT_TYPE, 'fragment-invalid'));
    const ifMatch = entityTags(ctx.get('If-Match'));
    const { iceSession, restarted } = await peer.patchIce({ sessionId, ifMatch, sections });
    ctx.set('ETag', `"${iceSession}"`);
    ctx.set('Cache-Control', 'no-store');
    ctx.status = restarted === null ? 204 : 200;
    if (restarted === null) return;
    ctx.type = SDP_FRAGMENT_TYPE;
    ctx.body = formatFragment(restarted);
  };
}

/** The strong entity tags of If-Match (RFC 9110, section 13.1.1); weak ones match nothing there. */
function entityTags(header: string): string[] {
  if (header.trim() === '') {
    throw new SightlineError(
      'if-match-required',
      'Cannot change the session: expected If-Match with the ETag of its ICE session, or * to restart it, found none',
    );
  }
  if (header.trim() === '*') return ['*'];
  return header.split(',').flatMap((tag) => /^"([!#-~]*)"$/.exec(tag.trim())?.[1] ?? []);
}

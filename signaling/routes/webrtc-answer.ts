import type { Context } from 'koa';
import { type IceServer, SDP_FRAGMENT_TYPE } from '../../protocol/ice.ts';
import type { Answer } from '../../protocol/session.ts';

export const SDP_TYPE = 'application/sdp';

/** Answers 201 to a `POST` with an offer, as RFC 9725 (sections 4.2, 4.3 and 4.6) has it of WHIP, and WHEP likewise. */
export function answerCreated(
  ctx: Context,
  location: string,
  { sdp, iceSession }: Answer,
  iceServers: readonly IceServer[],
): void {
  ctx.status = 201;
  ctx.set('Location', location);
  ctx.set('Accept-Patch', SDP_FRAGMENT_TYPE);
  ctx.set('Cache-Control', 'no-store');
  if (iceSession !== undefined) ctx.set('ETag', `"${iceSession}"`);
  const links = iceServers.flatMap(iceServerLinks);
  if (links.length > 0) ctx.set('Link', links);
  ctx.type = SDP_TYPE;
  ctx.body = sdp;
}

/** One link for each address of a server (RFC 9725, section 4.6). */
function iceServerLinks({ urls, username, credential }: IceServer): string[] {
  const secrets =
    username === undefined || credential === undefined
      ? []
      : [`username=${quoted(username)}`, `credential=${quoted(credential)}`, 'credential-type="password"'];
  return urls
    .map((url) => [`<${url}>`, 'rel="ice-server"', ...secrets].join('; '))
    .filter((link) => /^[\x20-\x7e]*$/.test(link));
}

/** `quoted-string` of RFC 9110, section 5.6.4. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

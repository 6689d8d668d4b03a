import type { IceServer } from '../../../protocol/ice.ts';
import { type IceUrl, parseIceUrl } from '../../webrtc/ice-url.ts';
import { StunClient, StunRefusal, seenFrom } from '../../webrtc/stun-client.ts';
import { tryAllocation } from '../../webrtc/turn-allocation.ts';
import { codeOf, type Finding, type Findings, failed, ok, reasonOf } from '../finding.ts';
import type { ProblemCode } from '../remedies.ts';
import { withPort } from './address-kind.ts';

/** How long one server may take. */
const LIMIT_MS = 3000;

/** What else is known of the servers. */
export interface IceServerContext {
  /** Now, in milliseconds since the Unix epoch. */
  readonly nowMs: number;
  /** The servers with credentials that last for years, where the secret is known: they tell a wrong clock from a wrong secret. */
  readonly lasting?: readonly IceServer[] | undefined;
  /** Told of each server that works, with one URI, and of the address that it sees this machine at. */
  readonly onWorks: (server: IceServer, seenAs: string) => void;
}

/** Asks each STUN server for our address, and each TURN server for a relayed one, which is given back. */
export async function* iceServerFindings(servers: readonly IceServer[], context: IceServerContext): Findings {
  for (const server of servers) {
    for (const text of server.urls) {
      const url = parseIceUrl(text);
      const step = /^turns?:/i.test(text) ? 'turn' : 'stun';
      if (url === undefined) {
        yield failed(step, 'ice-server-unknown', `${text} is not the URI of a STUN or TURN server`);
      } else {
        const single = { ...server, urls: [text] };
        yield url.kind === 'stun' ? await askStun(single, url, context) : await askTurn(single, url, context);
      }
    }
  }
}

async function askStun(server: IceServer, url: IceUrl, { onWorks }: IceServerContext): Promise<Finding> {
  const [text = ''] = server.urls;
  const signal = AbortSignal.timeout(LIMIT_MS);
  try {
    using client = await StunClient.open(url, signal);
    const [address, port] = await seenFrom(client, signal);
    onWorks(server, address);
    return ok('stun', `${text} answers, and sees this machine at ${withPort(address, port)}`);
  } catch (error) {
    return unreached('stun', text, url, error);
  }
}

async function askTurn(
  server: IceServer,
  url: IceUrl,
  { nowMs, lasting, onWorks }: IceServerContext,
): Promise<Finding> {
  const [text = ''] = server.urls;
  const { username = '', credential = '' } = server;
  const endsAtMs = endOf(username);
  if (endsAtMs !== undefined && endsAtMs < nowMs) {
    const ended = new Date(endsAtMs).toISOString();
    return failed('turn', 'turn-credentials-expired', `The credentials for ${text} ended at ${ended}`);
  }
  try {
    const { relayed, mapped } = await allocate(url, { username, credential });
    onWorks(server, mapped[0]);
    return ok('turn', `${text} takes the credentials and relays at ${withPort(...relayed)}`);
  } catch (error) {
    if (!(error instanceof StunRefusal)) return unreached('turn', text, url, error);
    const other = lasting?.find(({ urls }) => urls.includes(text));
    return refused(text, error, other !== undefined && (await takes(url, other)));
  }
}

async function allocate(url: IceUrl, credentials: { username: string; credential: string }) {
  const signal = AbortSignal.timeout(LIMIT_MS);
  using client = await StunClient.open(url, signal);
  return await tryAllocation(client, credentials, signal);
}

async function takes(url: IceUrl, { username = '', credential = '' }: IceServer): Promise<boolean> {
  try {
    await allocate(url, { username, credential });
    return true;
  } catch {
    return false;
  }
}

/** @param takesLasting whether the server takes credentials that end years later */
function refused(text: string, { code, message }: StunRefusal, takesLasting: boolean): Finding {
  if (takesLasting) {
    return failed(
      'turn',
      'turn-clock-differs',
      `${text} refuses credentials that have not ended (${message}), and takes some that end years later: its clock is ahead of the one here`,
    );
  }
  // RFC 8656, section 19, and RFC 8489, section 14.8
  const codes: Readonly<Record<number, ProblemCode>> = {
    401: 'turn-credentials-refused',
    441: 'turn-credentials-refused',
    403: 'turn-forbidden',
    486: 'turn-quota',
    508: 'turn-quota',
  };
  return failed('turn', codes[code] ?? 'ice-server-failed', `${text} refuses to relay: ${message}`);
}

function unreached(step: string, text: string, { host }: IceUrl, error: unknown): Finding {
  const code = codeOf(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return failed(step, 'ice-server-unknown', `The name ${host} of ${text} has no address here`);
  if (code === 'ECONNREFUSED')
    return failed(step, 'ice-server-refused', `Nothing listens at ${text}: the port is closed`);
  const timedOut = error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
  if (timedOut || code === 'ETIMEDOUT')
    return failed(step, 'ice-server-silent', `${text} does not answer within ${LIMIT_MS / 1000} s`);
  return failed(step, 'ice-server-failed', `${text} cannot be asked: ${reasonOf(error)}`);
}

/**
 * When credentials end that are made of a shared secret: the name begins with the Unix time
 * (draft-uberti-behave-turn-rest-00). Undefined for a name of another kind.
 */
function endOf(username: string): number | undefined {
  const seconds = /^(\d{9,11})(:|$)/.exec(username)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

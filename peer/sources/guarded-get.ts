import { addAbortListener, once } from 'node:events';
import { type ClientRequest, get as getPlain, type IncomingMessage } from 'node:http';
import { get as getSecure } from 'node:https';
import { isIPv6, type LookupFunction } from 'node:net';
import { SightlineError } from '../../protocol/errors.ts';
import { type AllowedSource, allowSource, type Resolve, type SourceRules } from './source-policy.ts';

const MAX_REDIRECTS = 5;
const REDIRECTS: readonly (number | undefined)[] = [301, 302, 303, 307, 308];

type Target = Extract<AllowedSource, { kind: 'stream' }>;

export interface GuardedGetOptions {
  readonly rules: SourceRules;
  readonly resolveHost?: Resolve | undefined;
  /** How long each answer may be waited for. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Names the source, in messages. */
  readonly label: string;
  /** Only what follows, of the version that this names (RFC 9110, sections 13.1.5 and 14.2). */
  readonly from?: { readonly offset: number; readonly version: string | undefined };
}

/**
 * Gets what lies at an address that may be read. It connects to the address that was looked at alone, and looks at each
 * that it is led to in the same way.
 * @returns the answer, with its body unread
 * @throws SightlineError `source-refused`, `source-unreadable`, `source-timeout`, `source-invalid`
 */
export async function guardedGet(target: Target, options: GuardedGetOptions): Promise<IncomingMessage> {
  const expected = options.from ? 206 : 200;
  let next = target;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const answer = await answerOf(next, options);
    const { statusCode, headers } = answer;
    if (statusCode === expected) return answer;
    answer.destroy();
    if (!REDIRECTS.includes(statusCode) || headers.location === undefined) {
      throw unreadable(options.label, `expected the status ${expected}, found ${statusCode}`);
    }
    next = await allowNext(headers.location, next.url, options);
  }
  throw unreadable(options.label, `expected at most ${MAX_REDIRECTS} redirections, found more`);
}

async function allowNext(
  location: string,
  from: URL,
  { rules, resolveHost, label }: GuardedGetOptions,
): Promise<Target> {
  if (!URL.canParse(location, from.href))
    throw unreadable(label, 'expected a redirection to a URL, found another');
  const url = new URL(location, from);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    const found = `found one to ${url.protocol.slice(0, -1)}`;
    throw new SightlineError(
      'source-refused',
      `Cannot read ${label}: expected a redirection to http or https, ${found}`,
    );
  }
  const allowed = await allowSource(url.href, rules, resolveHost);
  if (allowed.kind === 'stream') return allowed;
  throw new SightlineError(
    'source-refused',
    `Cannot read ${label}: expected a redirection to a host, found a file`,
  );
}

async function answerOf({ url, address }: Target, options: GuardedGetOptions): Promise<IncomingMessage> {
  const { timeoutMs, signal, label, from } = options;
  signal.throwIfAborted();
  const get = url.protocol === 'https:' ? getSecure : getPlain;
  const request: ClientRequest = get(url, {
    agent: false,
    lookup: always(address),
    headers: {
      'User-Agent': 'Sightline',
      Accept: '*/*',
      ...(from && { Range: `bytes=${from.offset}-` }),
      ...(from?.version !== undefined && { 'If-Range': from.version }),
    },
  });
  // What happens later is the body's.
  request.on('error', () => {});
  const timer = setTimeout(() => request.destroy(timedOut(label, timeoutMs)), timeoutMs);
  using _abort = addAbortListener(signal, () => request.destroy());
  try {
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    return answer;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SightlineError) throw error;
    throw unreadable(label, `expected an answer, found "${reasonOf(error)}"`, error);
  } finally {
    clearTimeout(timer);
  }
}

/** A resolver that knows one address. */
function always(address: string): LookupFunction {
  const family = isIPv6(address) ? 6 : 4;
  return (_host, { all }, done) => {
    if (all) done(null, [{ address, family }]);
    else done(null, address, family);
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  return error instanceof Error ? error.message : String(error);
}

function unreadable(label: string, words: string, cause?: unknown): SightlineError {
  return new SightlineError('source-unreadable', `Cannot read ${label}: ${words}`, { cause });
}

function timedOut(label: string, timeoutMs: number): SightlineError {
  const message = `Cannot read ${label}: expected an answer within ${timeoutMs} ms, found nothing`;
  return new SightlineError('source-timeout', message);
}

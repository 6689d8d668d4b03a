import { z } from 'zod';
import { type Problem, problemSchema } from '../../../protocol/problem.ts';
import { codeOf, type Finding, failed, reasonOf } from '../finding.ts';
import { withPort } from '../ice/address-kind.ts';

const LIMIT_MS = 8000;
/** A server of this machine answers at once. */
const LOCAL_LIMIT_MS = 2000;
/** Answers of a Sightline take some ten kilobytes at most. */
const MAX_ANSWER_BYTES = 1_000_000;

export const healthSchema = z.object({
  status: z.literal('ok'),
  version: z.string(),
  peers: z.array(z.object({ peerId: z.string(), codec: z.string().optional() })),
});

/** How requests are made. */
export interface HttpOptions {
  readonly key?: string | undefined;
  readonly method?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly limitMs?: number;
}

/** An answer: its JSON, or the problem that it tells (RFC 9457). */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined where the body is not JSON. */
  readonly json: unknown;
  readonly problem: Problem | undefined;
}

/**
 * Makes one request. Redirections are not followed: they may lead to where nobody meant to send the key.
 * @throws what `fetch` throws, also when the time is over
 */
export async function ask(base: URL, path: string, options: HttpOptions = {}): Promise<HttpAnswer> {
  const { key, method = 'GET', body, limitMs = LIMIT_MS } = options;
  const response = await fetch(new URL(path, base), {
    method,
    redirect: 'manual',
    signal: AbortSignal.timeout(limitMs),
    headers: {
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const json = parse(await limited(response));
  const problem = problemSchema.safeParse(json);
  return { status: response.status, headers: response.headers, json, problem: problem.data };
}

/** Whether a Sightline of this machine answers there. Never throws. */
export async function isSightline(base: URL): Promise<boolean> {
  try {
    const { json } = await ask(base, 'healthz', { limitMs: LOCAL_LIMIT_MS });
    return healthSchema.safeParse(json).success;
  } catch {
    return false;
  }
}

async function limited({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) return '';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Why a request got no answer, in words. */
export function unansweredFinding(step: string, base: URL, error: unknown): Finding {
  const code = codeOf(error);
  const port = Number(base.port || (base.protocol === 'https:' ? 443 : 80));
  const at = withPort(base.hostname.replace(/^\[|\]$/g, ''), port);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return failed(step, 'host-unknown', `The name ${base.hostname} has no address here`);
  if (code === 'ECONNREFUSED')
    return failed(step, 'http-refused', `Nothing listens at ${at}: the connection was refused`);
  if (isTimeout(error) || code === 'ETIMEDOUT' || code === 'UND_ERR_CONNECT_TIMEOUT')
    return failed(step, 'http-timeout', `${at} does not answer in time`);
  if (/CERT|SIGNATURE|SELF_SIGNED|SSL|TLS|EPROTO/.test(code))
    return failed(step, 'tls-failed', `No encrypted connection to ${at}: ${reasonOf(error)}`);
  return failed(step, 'http-failed', `${base.href} cannot be asked: ${reasonOf(error)}`);
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}

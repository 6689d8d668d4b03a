import { lookup } from 'node:dns/promises';
import { type EventEmitter, once } from 'node:events';
import { z } from 'zod';
import type { IceServer } from '../../../protocol/ice.ts';
import {
  answerSchema,
  type SessionDescription,
  sessionDescriptionSchema,
} from '../../../protocol/session.ts';
import { Caller } from '../../webrtc/caller.ts';
import { type Findings, failed, ok, reasonOf, warning } from '../finding.ts';
import { addressKind } from '../ice/address-kind.ts';
import { runProbe } from '../native/run-probe.ts';
import { ask } from './http.ts';
import { mediaFindings } from './media-findings.ts';
import { pathFindings, pathWords } from './path-diagnosis.ts';
import type { ServerOptions } from './server-findings.ts';

/** A server may load its model, or its media peer may be busy, before it answers. */
const OFFER_LIMIT_MS = 30_000;

const probeSchema = z.object({
  film: z.array(z.string().transform((text): Uint8Array => Buffer.from(text, 'base64'))).min(1),
});

export interface CallOptions extends ServerOptions {
  /** STUN and TURN servers that were asked and work. */
  readonly iceServers: readonly IceServer[];
}

/** Makes a short real call with a film of ours, and tells each step that it gets through. */
export async function* callFindings(base: URL, options: CallOptions): Findings {
  let film: Uint8Array[];
  try {
    ({ film } = probeSchema.parse(await runProbe('codec-probe')));
  } catch (error) {
    const words = `No film can be made here to call with: ${reasonOf(error)}`;
    yield failed('codec', 'codec-unusable', words);
    return;
  }
  const urlAddresses = await addressesOf(base);
  const caller = new Caller({
    iceServers: options.iceServers,
    // Interfaces are offered anyway, but for the loopback one.
    extraAddresses: urlAddresses.filter((address) => addressKind(address) === 'loopback'),
  });
  try {
    yield* call(caller, base, { ...options, film, urlAddresses });
  } finally {
    await caller.close();
  }
}

interface CallMatter extends CallOptions {
  readonly film: readonly Uint8Array[];
  readonly urlAddresses: readonly string[];
}

async function* call(caller: Caller, base: URL, matter: CallMatter): Findings {
  const { key } = matter;
  const body = { type: 'offer', sdp: await caller.offer() };
  const began = performance.now();
  const { json, problem, status } = await ask(base, 'offer', {
    key,
    method: 'POST',
    body,
    limitMs: OFFER_LIMIT_MS,
  });
  const answer = answerSchema.safeParse(json).data;
  if (answer === undefined) {
    const said = problem ? `${problem.code}: ${problem.detail}` : `status ${status} and no answer`;
    yield failed('offer', 'offer-refused', `The server refuses a call: ${said}`);
    return;
  }
  const answeredMs = Math.round(performance.now() - began);
  yield ok('offer', `The offer was answered after ${answeredMs} ms`, { answeredMs });
  const session = `sessions/${encodeURIComponent(answer.sessionId)}`;
  try {
    if (await connects(caller, answer.sdp, matter.timeoutMs)) {
      yield* pathFound(caller);
      yield* mediaFindings(caller, { ...matter, describe: () => describe(base, session, key) });
    } else {
      const diagnosis = (await describe(base, session, key))?.diagnosis;
      yield* pathFindings({ ...caller.facts(), urlAddresses: matter.urlAddresses, diagnosis });
    }
  } finally {
    // A server that is gone ends the session by itself.
    await ask(base, session, { key, method: 'DELETE' }).catch(() => undefined);
  }
}

/** @returns whether the path and the encryption stand in time */
async function connects(caller: Caller, answerSdp: string, timeoutMs: number): Promise<boolean> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout(timeoutMs)]);
  const outcome = Promise.race([
    happens(caller, 'connected', signal),
    happens(caller, 'failed', signal).then((failedNow) => !failedNow),
  ]);
  try {
    await caller.accept(answerSdp);
    return await outcome;
  } finally {
    over.abort();
  }
}

/** @returns whether the event came before the signal */
function happens(emitter: EventEmitter, name: string, signal: AbortSignal): Promise<boolean> {
  return once(emitter, name, { signal }).then(
    () => true,
    () => false,
  );
}

async function* pathFound(caller: Caller): Findings {
  const { chosen } = caller.facts();
  if (chosen) {
    const { own, other, roundTripMs } = chosen;
    const path = pathWords(own, other);
    const figures = roundTripMs === undefined ? {} : { roundTripMs: Math.round(roundTripMs * 10) / 10 };
    const trip = roundTripMs === undefined ? '' : `, round trip ${roundTripMs.toFixed(1)} ms`;
    if ([own.type, other.type].includes('relay')) {
      const words = `The call goes over a TURN server (${path}${trip}): no direct way was found`;
      yield { ...warning('path', 'only-relay-works', words), figures };
    } else yield ok('path', `${path}${trip}`, figures);
  }
  yield ok('dtls', 'The encryption was agreed on');
}

async function describe(
  base: URL,
  session: string,
  key: string | undefined,
): Promise<SessionDescription | undefined> {
  try {
    return sessionDescriptionSchema.safeParse((await ask(base, session, { key })).json).data;
  } catch {
    return undefined;
  }
}

/** The addresses that the host of a URL stands for. */
async function addressesOf({ hostname }: URL): Promise<string[]> {
  try {
    const found = await lookup(hostname.replace(/^\[|\]$/g, ''), { all: true });
    return found.map(({ address }) => address);
  } catch {
    return [];
  }
}

import type { Diagnosis } from '../../protocol/ice.ts';
import type { ModelSummary } from '../../protocol/models.ts';
import type { Answer, Offer, SessionDescription } from '../../protocol/session.ts';
import { SDP_FRAGMENT_TYPE } from './ice-fragment.ts';
import { pathError } from './path-words.ts';
import { problemError } from './problem-words.ts';

/** How a session stands as seen from here: known to the server, not known to it, or the server itself gone. */
export type SessionStanding = 'there' | 'ended' | 'server-gone';

/** The HTTP side of a Sightline server. */
export class Server {
  readonly #base: URL;
  readonly #key: string | undefined;

  /** @param url where the server's page is; addresses are taken relative to it, so a server behind a prefix works */
  constructor(url: string | URL, key?: string) {
    const base = new URL(url, globalThis.location?.href);
    this.#base = new URL(base.pathname.replace(/[^/]*$/, ''), base);
    this.#key = key;
  }

  /** `POST /offer`. @throws CallError in words */
  async offer(offer: Offer, signal?: AbortSignal): Promise<Answer> {
    const answer = await this.#json<Partial<Answer>>('offer', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(offer),
      ...(signal && { signal }),
    });
    const { type, sdp, sessionId, iceSession } = answer ?? {};
    if (type !== 'answer' || !sdp || !sessionId) throw pathError('answer-invalid');
    return { type, sdp, sessionId, ...(iceSession && { iceSession }) };
  }

  /**
   * `PATCH /sessions/:id`: candidates found after the offer, or a restart of ICE, whose answer has a fragment.
   * @param ifMatch the ETag of the ICE session in quotes, or `*` to restart it
   * @throws CallError in words
   */
  async patchIce(
    sessionId: string,
    fragment: string,
    ifMatch: string,
  ): Promise<{ iceSession: string | undefined; fragment: string }> {
    const { response, body } = await this.#read(`sessions/${sessionId}`, {
      method: 'PATCH',
      headers: { 'content-type': SDP_FRAGMENT_TYPE, 'if-match': ifMatch },
      body: fragment,
    });
    if (!response.ok) {
      throw problemError({ status: response.status, body, retryAfter: response.headers.get('retry-after') });
    }
    return { iceSession: response.headers.get('etag')?.replace(/^"|"$/g, ''), fragment: body };
  }

  /** `GET /ice-servers`: STUN and TURN servers. Never throws: the call may do without them. */
  async iceServers(signal?: AbortSignal): Promise<RTCIceServer[]> {
    try {
      const answer = await this.#json<{ iceServers?: RTCIceServer[] }>(
        'ice-servers',
        signal ? { signal } : {},
      );
      return answer?.iceServers ?? [];
    } catch {
      return []; // what is wrong with the server or the key, the offer will tell
    }
  }

  /** What the server says of why the path of a session is not there. Never throws. */
  async diagnosis(sessionId: string, timeoutMs: number): Promise<Diagnosis[]> {
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const description = await this.#json<Partial<SessionDescription>>(`sessions/${sessionId}`, { signal });
      return description?.diagnosis ?? [];
    } catch {
      return []; // nothing is known then
    }
  }

  /**
   * What the media peer of a session decodes and encodes with, as `GET /healthz` says it; undefined where it does not.
   * Never throws.
   */
  async codec(sessionId: string): Promise<string | undefined> {
    try {
      const health = await this.#json<{ peers?: { peerId: string; codec?: string }[] }>('healthz', {});
      return health?.peers?.find(({ peerId }) => sessionId.startsWith(`${peerId}-`))?.codec;
    } catch {
      return undefined; // a line of the figures stays empty
    }
  }

  /** `GET /models`. @throws CallError in words */
  async models(signal?: AbortSignal): Promise<ModelSummary[]> {
    const models = await this.#json<ModelSummary[]>('models', signal ? { signal } : {});
    if (!Array.isArray(models)) throw pathError('answer-invalid');
    return models;
  }

  /** Asks the server whether it still holds a session. Never throws. */
  async standing(sessionId: string, timeoutMs: number): Promise<SessionStanding> {
    try {
      const response = await this.#fetch(`sessions/${sessionId}`, { signal: AbortSignal.timeout(timeoutMs) });
      if (response.status === 404) return 'ended';
      if (response.ok && isClosed(await response.text())) return 'ended';
      return response.status === 502 || response.status === 504 ? 'server-gone' : 'there';
    } catch {
      return 'server-gone'; // refused, timed out or offline: to the caller it is all the same
    }
  }

  /** `DELETE /sessions/:id`, so that the server frees at once; works while the page is being left. Never throws. */
  async end(sessionId: string): Promise<void> {
    try {
      await this.#fetch(`sessions/${sessionId}`, { method: 'DELETE', keepalive: true });
    } catch {
      // A server that cannot be reached ends the session by itself, when the media stops.
    }
  }

  async #json<T>(path: string, init: RequestInit): Promise<T | null> {
    const { response, body } = await this.#read(path, init);
    if (!response.ok) {
      throw problemError({ status: response.status, body, retryAfter: response.headers.get('retry-after') });
    }
    try {
      return JSON.parse(body) as T | null;
    } catch (cause) {
      throw pathError('answer-invalid', { cause });
    }
  }

  async #read(path: string, init: RequestInit): Promise<{ response: Response; body: string }> {
    try {
      const response = await this.#fetch(path, init);
      return { response, body: await response.text() };
    } catch (cause) {
      if (init.signal?.aborted) throw cause;
      throw pathError('server-unreachable', { cause });
    }
  }

  #fetch(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.#key) headers.set('authorization', `Bearer ${this.#key}`);
    return fetch(new URL(path, this.#base), { ...init, headers, cache: 'no-store' });
  }
}

/** Whether the description of a session says that it is over; one whose path failed is told of for a while. */
function isClosed(description: string): boolean {
  try {
    return JSON.parse(description)?.state === 'closed';
  } catch {
    return false; // not the server's own words: it is there, and no more is known
  }
}

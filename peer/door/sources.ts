import { parseSourceRequest } from '../../protocol/sources.ts';
import { newSessionId } from '../new-session-id.ts';
import type { Sessions } from '../sessions.ts';
import { type FedSession, openSourceSession, type SourceSessionOptions } from '../sources/source-session.ts';
import { hangUpOf } from './hang-up.ts';
import { readJson } from './read-json.ts';
import type { Door } from './server.ts';

export interface SourcesOptions extends Omit<SourceSessionOptions, 'sessionId' | 'signal'> {
  readonly sessions: Sessions;
  /** Begins the ids of the sessions. */
  readonly peerId: string;
}

/** Adds `POST /sources` to a door: a session whose pictures this peer reads by itself, begun once there is the first. */
export function addSources(door: Door, { sessions, peerId, ...options }: SourcesOptions): void {
  door.router.post('/sources', async (ctx) => {
    const request = parseSourceRequest(await readJson(ctx));
    const sessionId = newSessionId(peerId);
    const signal = hangUpOf(ctx, door.closed);
    let fed: FedSession | undefined;
    const session = await sessions.admit(sessionId, async () => {
      fed = await openSourceSession(request, { ...options, sessionId, signal });
      return fed.session;
    });
    // Nobody would know of it.
    if (signal.aborted) await session.close('the caller hung up');
    signal.throwIfAborted();
    const description = session.describe();
    fed?.start();
    ctx.status = 201;
    ctx.set('Location', `/sessions/${sessionId}`);
    ctx.body = description;
  });
}

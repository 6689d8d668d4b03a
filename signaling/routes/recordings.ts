import type { RouterContext } from '@koa/router';
import { SightlineError } from '../../protocol/errors.ts';
import { fromProblem, problemSchema } from '../../protocol/problem.ts';
import { type Recording, recordingListSchema } from '../../protocol/recordings.ts';
import { doorOf } from '../door/door-of.ts';
import { passOn } from '../door/pass-on.ts';
import type { ConnectedPeer } from '../peers/connected-peer.ts';
import type { PeerHub } from '../peers/peer-hub.ts';
import { peerOfSessionId } from '../peers/session-id.ts';

const TIMEOUT_MS = 10_000;

/**
 * Passes a request on to the media peer that has a recording, or the recordings of a session: the one that its id names,
 * and where that one is gone, any, since those of one machine share their folder.
 *
 * @param parameter of the path that has the id
 */
export function passToKeeper(hub: PeerHub, parameter = 'rec') {
  return passOn(({ params }) => {
    const named = peerOfSessionId(String(params[parameter]));
    return hub.peers.find(({ peerId }) => peerId === named) ?? hub.chooseForWork();
  });
}

/** `GET /recordings`: those of all media peers, each once, the newest first. */
export function getRecordings(hub: PeerHub) {
  return async (ctx: RouterContext): Promise<void> => {
    const peers = hub.peers.filter(({ registration }) => registration?.door);
    if (peers.length === 0) throw nobody();
    const answers = await Promise.allSettled(peers.map(recordingsOf));
    const failed = answers.find((answer) => answer.status === 'rejected');
    // One that does not answer has those that only it knows: a list without them would be wrong.
    if (failed) throw failed.reason;
    const found = new Map<string, Recording>();
    for (const [index, answer] of answers.entries()) {
      for (const recording of answer.status === 'fulfilled' ? answer.value : []) {
        const isOwn = peerOfSessionId(recording.id) === peers[index]?.peerId;
        if (isOwn || !found.has(recording.id)) found.set(recording.id, recording);
      }
    }
    ctx.body = { recordings: [...found.values()].sort((a, b) => b.createdAt - a.createdAt) };
  };
}

async function recordingsOf(peer: ConnectedPeer): Promise<readonly Recording[]> {
  const { url, token } = doorOf(peer);
  const headers = { authorization: `Bearer ${token}` };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const answer = await fetch(new URL('/recordings', url), { headers, signal });
    const body: unknown = await answer.json();
    if (!answer.ok) throw fromProblem(problemSchema.parse(body));
    return recordingListSchema.parse(body).recordings;
  } catch (cause) {
    if (cause instanceof SightlineError) throw cause;
    const message = `Media peer ${peer.peerId} could not be asked for its recordings`;
    throw new SightlineError('peer-lost', message, { cause, retryAfterSeconds: 1 });
  }
}

function nobody(): SightlineError {
  return new SightlineError('no-peer', 'Cannot list recordings: expected a media peer, found none', {
    retryAfterSeconds: 1,
  });
}

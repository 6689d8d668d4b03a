import type { Namespace } from 'socket.io';
import { SightlineError } from '../protocol/errors.ts';
import {
  type CallsToSignaling,
  formatFragment,
  type IceCall,
  type IceChange,
  iceCallSchema,
  parseFragment,
} from '../protocol/ice.ts';
import { toProblem } from '../protocol/problem.ts';
import type { PeerHub } from './peers/peer-hub.ts';
import { sameSecret } from './same-secret.ts';

export type CallsNamespace = Namespace<CallsToSignaling>;

/**
 * The namespace `/calls`: what `PATCH /sessions/:id` does, for clients that keep a socket open. A message that is not
 * acknowledged is dropped.
 *
 * @param key what clients present as `auth.key`; undefined lets all in
 */
export function serveCalls(namespace: CallsNamespace, hub: PeerHub, key: string | undefined): void {
  namespace.use((socket, next) => {
    const found: unknown = socket.handshake.auth['key'];
    const welcome = key === undefined || (typeof found === 'string' && sameSecret(found, key));
    next(welcome ? undefined : new Error('Cannot connect: expected the key of this server as auth.key'));
  });
  namespace.on('connection', (socket) => {
    socket.on('ice', (call, reply) => {
      if (typeof reply !== 'function') return;
      change(hub, call).then(
        (value) => reply({ ok: true, value }),
        (error: unknown) => reply({ ok: false, problem: toProblem(error) }),
      );
    });
  });
}

async function change(hub: PeerHub, call: IceCall): Promise<IceChange> {
  const { success, data, error } = iceCallSchema.safeParse(call);
  if (!success) {
    const fields = error.issues.map(({ path }) => path.join('.') || 'message').join(', ');
    throw new SightlineError(
      'fragment-invalid',
      `Cannot change the ICE session: expected sessionId, ifMatch and fragment, found another ${fields}`,
    );
  }
  const { sessionId, ifMatch, fragment } = data;
  const sections = parseFragment(fragment);
  const { iceSession, restarted } = await hub
    .peerOf(sessionId)
    .patchIce({ sessionId, ifMatch: [ifMatch], sections });
  return { iceSession, fragment: restarted === null ? null : formatFragment(restarted) };
}

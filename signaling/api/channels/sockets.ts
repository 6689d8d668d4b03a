import { CALLS_NAMESPACE, iceCallSchema, icePatchSchema } from '../../../protocol/ice.ts';
import {
  answerReplySchema,
  closedReplySchema,
  configureCallSchema,
  configuredReplySchema,
  descriptionReplySchema,
  icePatchedReplySchema,
  offerCallSchema,
  PEERS_NAMESPACE,
  peerLoadSchema,
  registrationSchema,
  sessionCallSchema,
  sessionClosedSchema,
  sessionEventSchema,
  viewCallSchema,
} from '../../../protocol/peers.ts';
import type { Channel } from '../channel.ts';
import * as examples from '../examples.ts';
import { iceReplySchema } from '../schemas.ts';

const { SESSION_ID: sessionId, ICE_SESSION: iceSession, SDP: sdp, FRAGMENT: fragment } = examples;

const problem = {
  type: 'about:blank',
  title: 'No such session',
  status: 404,
  code: 'session-unknown',
  detail: 'Cannot find the session: expected the id of an open session',
};
const refused = { ok: false, problem };

/** The namespaces of socket.io. */
export const sockets: readonly Channel[] = [
  {
    id: 'calls',
    address: CALLS_NAMESPACE,
    server: 'sockets',
    title: 'Candidates and restarts of ICE',
    description:
      'What `PATCH /sessions/{id}` does, for clients that keep a socket open. The handshake carries the key of the ' +
      'server, where it has one, as `auth.key`. A message that asks for no acknowledgement is dropped.',
    messages: [
      {
        name: 'ice',
        from: 'other',
        summary: 'Candidates, or a restart',
        schema: iceCallSchema,
        example: { sessionId, ifMatch: iceSession, fragment },
        reply: { schema: iceReplySchema, example: { ok: true, value: { iceSession, fragment: null } } },
      },
    ],
  },
  {
    id: 'peers',
    address: PEERS_NAMESPACE,
    server: 'sockets',
    title: 'Media peers',
    description:
      'A media peer is a client here. The handshake carries `auth.token` and `auth.peerId`. A peer that sends anything ' +
      'else than this is disconnected.',
    messages: [
      {
        name: 'register',
        from: 'other',
        summary: 'It can take calls from now on; again when its models have changed',
        schema: registrationSchema,
        example: { models: [], maxSessions: 8, codec: 'node-av 6.1.1, FFmpeg 8.0' },
      },
      {
        name: 'load',
        from: 'other',
        summary: 'How busy it is: once a second, and when the number of sessions has changed',
        schema: peerLoadSchema,
        example: {
          sessions: 1,
          cpu: 0.62,
          residentMemory: 412_000_000,
          eventLoopDelayP99: 3.1,
          natives: 9,
          handles: 14,
        },
      },
      {
        name: 'session-closed',
        from: 'other',
        summary: 'A session has ended, whoever ended it',
        schema: sessionClosedSchema,
        example: { sessionId, reason: 'closed by the other side' },
      },
      {
        name: 'session-event',
        from: 'other',
        summary: 'Something happened before the camera of a session',
        schema: sessionEventSchema,
        example: { sessionId, event: examples.EVENT },
      },
      {
        name: 'offer',
        from: 'server',
        summary: 'Open a session and answer its offer',
        schema: offerCallSchema,
        example: { sessionId, offer: { type: 'offer', sdp } },
        reply: {
          schema: answerReplySchema,
          example: { ok: true, value: { type: 'answer', sdp, sessionId, iceSession } },
        },
      },
      {
        name: 'view',
        from: 'server',
        summary: 'Answer the offer of one who watches a session',
        schema: viewCallSchema,
        example: { viewerId: examples.VIEWER_ID, sessionId, offer: { sdp, output: 'annotated' } },
        reply: {
          schema: answerReplySchema,
          example: { ok: true, value: { type: 'answer', sdp, sessionId: examples.VIEWER_ID, iceSession } },
        },
      },
      {
        name: 'describe',
        from: 'server',
        summary: 'Tell how a session is',
        schema: sessionCallSchema,
        example: { sessionId },
        reply: { schema: descriptionReplySchema, example: refused },
      },
      {
        name: 'configure',
        from: 'server',
        summary: 'Change settings of a session',
        schema: configureCallSchema,
        example: { sessionId, changes: { threshold: 0.5 } },
        reply: { schema: configuredReplySchema, example: { ok: true, value: examples.SETTINGS } },
      },
      {
        name: 'ice',
        from: 'server',
        summary: 'Take candidates, or restart ICE',
        schema: icePatchSchema,
        example: {
          sessionId,
          ifMatch: [iceSession],
          sections: [
            { mid: '0', ufrag: 'EsAw', password: 'P2uYro0UCOQ4zxjKXaWCBui1', candidates: [], complete: true },
          ],
        },
        reply: {
          schema: icePatchedReplySchema,
          example: { ok: true, value: { iceSession, restarted: null } },
        },
      },
      {
        name: 'close',
        from: 'server',
        summary: 'Close a session',
        schema: sessionCallSchema,
        example: { sessionId },
        reply: { schema: closedReplySchema, example: { ok: true, value: {} } },
      },
    ],
  },
];

import { answerSchema, offerSchema } from '../../../protocol/session.ts';
import { errorsOfJson, errorsOfOffer, errorsOfPeer, errorsOfSettings } from '../error-answers.ts';
import { ICE_SESSION, SDP, SESSION_ID } from '../examples.ts';
import type { Operation } from '../operation.ts';

export const calls: readonly Operation[] = [
  {
    method: 'post',
    path: '/offer',
    id: 'postOffer',
    group: 'calls',
    summary: 'Begins a call',
    description:
      'Takes the local description of an RTCPeerConnection, with settings of the session beside it, and answers with ' +
      'the remote one. Every camera of the offer that is to be sent back comes back; results come on the data channel ' +
      '`detections`. Candidates may follow by `PATCH /sessions/{id}`.',
    body: {
      'application/json': {
        schema: offerSchema,
        example: { type: 'offer', sdp: SDP, task: 'pose', sync: 'exact' },
      },
    },
    answers: {
      200: {
        description: 'The call is taken',
        headers: {
          Location: 'Address of the session',
          ETag: 'Names the ICE session, for If-Match (RFC 9725, section 4.3)',
        },
        content: {
          'application/json': {
            schema: answerSchema,
            example: { type: 'answer', sdp: SDP, sessionId: SESSION_ID, iceSession: ICE_SESSION },
          },
        },
      },
    },
    errors: [
      ...errorsOfJson,
      'offer-invalid',
      ...errorsOfOffer,
      ...errorsOfSettings,
      'no-peer',
      'sessions-exhausted',
      ...errorsOfPeer,
    ],
  },
];

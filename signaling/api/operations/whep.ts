import { viewSettingsSchema } from '../../../protocol/view.ts';
import { errorsOfBody, errorsOfOffer, errorsOfPeer } from '../error-answers.ts';
import { SDP, SESSION_ID, VIEWER_ID } from '../examples.ts';
import type { Operation, Parameter } from '../operation.ts';
import { queryParameters } from '../query-parameters.ts';
import { afterwards, created } from './ice.ts';
import { sessionId } from './sessions.ts';

const query = queryParameters(viewSettingsSchema.shape);

const viewerId: Parameter = {
  name: 'id',
  in: 'path',
  description: 'The last part of Location',
  example: VIEWER_ID,
};

const common = {
  method: 'post',
  group: 'watching',
  body: { 'application/sdp': { example: SDP } },
  answers: created,
  errors: [
    'session-unknown',
    'query-invalid',
    ...errorsOfBody,
    ...errorsOfOffer,
    'camera-unknown',
    'passthrough-unavailable',
    'picture-missing',
    'viewers-exhausted',
    ...errorsOfPeer,
  ],
} as const;

export const whep: readonly Operation[] = [
  {
    ...common,
    path: '/sessions/:id/whep',
    id: 'postSessionWhep',
    summary: 'Watches a session (WHEP)',
    description: 'draft-ietf-wish-whep. Each picture is encoded once, however many watch it.',
    parameters: [sessionId, ...query],
  },
  {
    ...common,
    path: '/whep',
    id: 'postWhep',
    summary: 'Watches a session, for players whose address is fixed but for its query (WHEP)',
    parameters: [
      { name: 'session', in: 'query', description: 'Id of the session', required: true, example: SESSION_ID },
      ...query,
    ],
  },
  ...afterwards('Whep', 'watching', viewerId),
];

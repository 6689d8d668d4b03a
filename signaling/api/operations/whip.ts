import { liveSettingsSchema } from '../../../protocol/session.ts';
import { effectsSchema } from '../../../protocol/tasks.ts';
import { errorsOfBody, errorsOfOffer, errorsOfPeer, errorsOfSettings } from '../error-answers.ts';
import { SDP } from '../examples.ts';
import type { Operation } from '../operation.ts';
import { queryParameters } from '../query-parameters.ts';
import { afterwards, created } from './ice.ts';
import { sessionId } from './sessions.ts';

const { tasks: _, effects: __, zones: ___, ...inAddress } = liveSettingsSchema.shape;

export const whip: readonly Operation[] = [
  {
    method: 'post',
    path: '/whip',
    id: 'postWhip',
    group: 'calls',
    summary: 'Begins a call that only sends (WHIP)',
    description:
      'RFC 9725, for encoders such as OBS and GStreamer. The session is one like others, under the same id.',
    parameters: queryParameters({ ...inAddress, ...effectsSchema.shape }),
    body: { 'application/sdp': { example: SDP } },
    answers: created,
    errors: [
      ...errorsOfBody,
      'query-invalid',
      ...errorsOfOffer,
      ...errorsOfSettings,
      'no-peer',
      'sessions-exhausted',
      ...errorsOfPeer,
    ],
  },
  ...afterwards('Whip', 'calls', sessionId),
];

import { SDP_FRAGMENT_TYPE } from '../../../protocol/ice.ts';
import {
  currentSettingsSchema,
  sessionDescriptionSchema,
  settingsChangeSchema,
} from '../../../protocol/session.ts';
import { errorsOfJson, errorsOfPeer, errorsOfSettings } from '../error-answers.ts';
import { EVENT, FRAGMENT, SESSION_ID, SETTINGS } from '../examples.ts';
import type { Operation, Parameter } from '../operation.ts';
import { errorsOfIce, ifMatch } from './ice.ts';

/** In the path of all that is of one session. */
export const sessionId: Parameter = {
  name: 'id',
  in: 'path',
  description: '`sessionId` of the answer',
  example: SESSION_ID,
};

const errorsOfSession = ['session-unknown', ...errorsOfPeer] as const;

const description = {
  sessionId: SESSION_ID,
  via: 'webrtc',
  state: 'connected',
  createdAt: 1_764_000_000_000,
  ...SETTINGS,
  packetsUnroutable: 0,
  packetsRefused: { 'stun-unauthenticated': 2 },
  feedbackMissing: false,
  tracks: [],
};

export const sessions: readonly Operation[] = [
  {
    method: 'get',
    path: '/sessions/:id',
    id: 'getSession',
    group: 'sessions',
    summary: 'Tells how a session is',
    description: 'A session whose path failed is told of for some minutes, with what is known of why.',
    parameters: [sessionId],
    answers: {
      200: {
        description: 'Settings, counts and times',
        content: { 'application/json': { schema: sessionDescriptionSchema, example: description } },
      },
    },
    errors: errorsOfSession,
  },
  {
    method: 'patch',
    path: '/sessions/:id',
    id: 'patchSession',
    group: 'sessions',
    summary: 'Changes settings, adds candidates or restarts ICE',
    description:
      'With JSON: settings; what is left out stays. With an SDP fragment (RFC 8840): candidates, or the restart of ' +
      'ICE where its `ice-ufrag` is another, as WHIP has it (RFC 9725, section 4.3).',
    parameters: [sessionId, ifMatch],
    body: {
      'application/json': { schema: settingsChangeSchema, example: { threshold: 0.5, output: 'data' } },
      [SDP_FRAGMENT_TYPE]: { example: FRAGMENT },
    },
    answers: {
      200: {
        description: 'All settings as they are from now on; or after a restart the fragment of the server',
        headers: { ETag: 'With a fragment: names the ICE session from now on' },
        content: {
          'application/json': { schema: currentSettingsSchema, example: SETTINGS },
          [SDP_FRAGMENT_TYPE]: { example: FRAGMENT },
        },
      },
      204: { description: 'The candidates were taken', headers: { ETag: 'Names the ICE session' } },
    },
    errors: [
      ...errorsOfSession,
      ...errorsOfJson,
      'control-invalid',
      'settings-busy',
      ...errorsOfSettings,
      ...errorsOfIce,
    ],
  },
  {
    method: 'delete',
    path: '/sessions/:id',
    id: 'deleteSession',
    group: 'sessions',
    summary: 'Ends a session',
    parameters: [sessionId],
    answers: { 204: { description: 'It has ended' } },
    errors: errorsOfSession,
  },
  {
    method: 'get',
    path: '/sessions/:id/events',
    id: 'getSessionEvents',
    group: 'sessions',
    summary: 'Tells what happens before the cameras, while it does',
    description:
      'Server-sent events: the name is the kind of the event, the data an `Event` as ' +
      '[asyncapi.json](/asyncapi.json) has it. `closed` is the last one, when the session has ended.',
    parameters: [sessionId],
    answers: {
      200: {
        description: 'A stream that ends with the session',
        content: {
          'text/event-stream': { example: `event: ${EVENT.kind}\ndata: ${JSON.stringify(EVENT)}\n\n` },
        },
      },
    },
    errors: errorsOfSession,
  },
];

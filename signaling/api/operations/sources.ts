import { sessionDescriptionSchema } from '../../../protocol/session.ts';
import { sourceRequestSchema } from '../../../protocol/sources.ts';
import { errorsOfJson, errorsOfPeer, errorsOfSettings } from '../error-answers.ts';
import { SESSION_ID, SETTINGS } from '../examples.ts';
import type { Operation } from '../operation.ts';

const description = {
  sessionId: SESSION_ID,
  via: 'source',
  state: 'connected',
  createdAt: 1_764_000_000_000,
  ...SETTINGS,
  packetsUnroutable: 0,
  packetsRefused: {},
  feedbackMissing: false,
  tracks: [],
};

export const sources: readonly Operation[] = [
  {
    method: 'post',
    path: '/sources',
    id: 'postSource',
    group: 'sources',
    summary: 'Begins a session with a camera or film that the server reads by itself',
    description:
      'RTSP, RTMP, HTTP, or a file of the folder that the operator has set aside. It is answered once the first picture ' +
      'was read. Cameras are connected to again when they break off; a film ends its session, or begins anew.',
    body: {
      'application/json': {
        schema: sourceRequestSchema,
        example: { url: 'rtsp://camera.example/live', task: 'detect', classes: ['person'] },
      },
    },
    answers: {
      201: {
        description: 'Its pictures come',
        headers: { Location: 'Address of the session' },
        content: { 'application/json': { schema: sessionDescriptionSchema, example: description } },
      },
    },
    errors: [
      ...errorsOfJson,
      'source-invalid',
      'source-refused',
      'source-unreadable',
      'source-timeout',
      'source-no-video',
      'source-codec-unsupported',
      ...errorsOfSettings,
      'codec-failed',
      'no-peer',
      'sessions-exhausted',
      ...errorsOfPeer,
    ],
  },
];

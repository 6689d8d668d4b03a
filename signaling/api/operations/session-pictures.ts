import { jpegWishSchema } from '../../../protocol/frame-messages.ts';
import { viewSettingsSchema } from '../../../protocol/view.ts';
import { errorsOfPeer } from '../error-answers.ts';
import type { Operation } from '../operation.ts';
import { queryParameters } from '../query-parameters.ts';
import { sessionId } from './sessions.ts';

const { mid } = viewSettingsSchema.shape;
const { fps, ...ofOne } = jpegWishSchema.shape;
const key = {
  name: 'key',
  in: 'query',
  description: 'The key of this server, for those who can send no header, as `<img>`',
} as const;
const common = {
  method: 'get',
  group: 'watching',
  errors: [
    'session-unknown',
    'query-invalid',
    'camera-unknown',
    'passthrough-unavailable',
    'picture-missing',
    'viewers-exhausted',
    ...errorsOfPeer,
  ],
} as const;
const headers = {
  'X-Timestamp': 'When the frame was captured, Unix milliseconds',
  'X-Rtp-Timestamp': 'Of the frame, as results name it (90 kHz)',
  'X-Frame': 'Which frame of the session it is',
};

export const sessionPictures: readonly Operation[] = [
  {
    ...common,
    path: '/sessions/:id/mjpeg',
    id: 'getSessionMjpeg',
    summary: 'Shows a session as JPEGs without end (MJPEG)',
    description:
      'Each part has a `Content-Length` and the headers of a snapshot. Who reads slowly is shown fewer frames; each is ' +
      'drawn and encoded once for all who want the same.',
    parameters: [sessionId, ...queryParameters({ ...ofOne, fps, mid }), key],
    answers: {
      200: {
        description: 'Ends with the session',
        content: { 'multipart/x-mixed-replace': {} },
      },
    },
  },
  {
    ...common,
    path: '/sessions/:id/snapshot.jpg',
    id: 'getSessionSnapshot',
    summary: 'Shows the next frame of a session',
    parameters: [sessionId, ...queryParameters({ ...ofOne, mid }), key],
    answers: { 200: { description: 'The frame', headers, content: { 'image/jpeg': {} } } },
  },
];

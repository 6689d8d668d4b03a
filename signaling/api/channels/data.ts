import { configureSchema, controlNoticeSchema, controlReplySchema } from '../../../protocol/control.ts';
import { detectionsSchema } from '../../../protocol/detections.ts';
import { eventSchema } from '../../../protocol/events.ts';
import type { Channel } from '../channel.ts';
import { EVENT, PERSON, SESSION_ID, SETTINGS } from '../examples.ts';

const detections = {
  type: 'detections',
  v: 1,
  sessionId: SESSION_ID,
  mid: '0',
  seq: 812,
  rtpTimestamp: EVENT.rtpTimestamp,
  captureTime: EVENT.time,
  width: 640,
  height: 480,
  task: 'detect',
  model: 'yolox-nano',
  objects: [{ ...PERSON, trackId: EVENT.trackId }],
  timings: { decode: 0.9, wait: 1.2, infer: 21.4, encode: 5.1, total: 30.2 },
};

/** What a call has beside its media. */
export const data: readonly Channel[] = [
  {
    id: 'detections',
    address: 'detections',
    server: 'peer',
    title: 'Results',
    description:
      'Opened by the client before its offer; by the server, unordered and without retransmission, where the offer has ' +
      'a data section and the client opened none. Where the channel is full the newest result is dropped.',
    messages: [
      {
        name: 'detections',
        from: 'server',
        summary: 'What was found in one frame, which went out with this RTP timestamp',
        schema: detectionsSchema,
        example: detections,
      },
    ],
  },
  {
    id: 'control',
    address: 'control',
    server: 'peer',
    title: 'Settings',
    description: 'Opened by the client. Nothing is changed by a message that is not right as a whole.',
    messages: [
      {
        name: 'configure',
        from: 'other',
        summary: 'Changes settings of the session; what is left out stays',
        schema: configureSchema,
        example: { type: 'configure', id: 1, threshold: 0.5 },
        reply: { schema: controlReplySchema, example: { type: 'configured', id: 1, ...SETTINGS } },
      },
      {
        name: 'notice',
        from: 'server',
        summary: 'Something that nobody asked for and somebody should know',
        schema: controlNoticeSchema,
        example: {
          type: 'notice',
          code: 'feedback-missing',
          detail: 'No RTCP report comes back on the video, so that it is sent at the least rate',
        },
      },
    ],
  },
  {
    id: 'events',
    address: '/sessions/{id}/events',
    server: 'http',
    title: 'Server-sent events',
    description: 'Each has its kind as its name. `closed`, with an empty object, is the last.',
    parameters: { id: '`sessionId` of the answer' },
    messages: [
      {
        name: 'event',
        from: 'server',
        summary: 'Something happened before a camera',
        schema: eventSchema,
        example: EVENT,
      },
    ],
  },
];

import { controlNoticeSchema } from '../../../protocol/control.ts';
import {
  FRAME_CREDITS,
  frameAckSchema,
  frameConfiguredSchema,
  frameConfigureSchema,
  frameDetectionsSchema,
  frameErrorSchema,
  frameSessionSchema,
  frameStatsSchema,
} from '../../../protocol/frame-messages.ts';
import type { Channel } from '../channel.ts';
import { EVENT, PERSON, SESSION_ID, SETTINGS } from '../examples.ts';

/** Pictures over a WebSocket. */
export const frames: Channel = {
  id: 'frames',
  address: '/ws/frames',
  server: 'websocket',
  title: 'Frames',
  description:
    'Frames in, results and frames with results drawn on them out; a session of its own, or with `?session=` one that is ' +
    'watched. Text messages stand here; binary ones are frames, behind a header of 32 bytes that docs/doors.md tells of. ' +
    `At most ${FRAME_CREDITS} frames are under way without an acknowledgement, each way; newer ones replace those that wait.`,
  messages: [
    {
      name: 'session',
      from: 'server',
      summary: 'The first message of all',
      schema: frameSessionSchema,
      example: {
        type: 'session',
        v: 1,
        sessionId: SESSION_ID,
        role: 'sender',
        credits: FRAME_CREDITS,
        maxMessageBytes: 16_777_216,
      },
    },
    {
      name: 'frame-configure',
      from: 'other',
      summary: 'Changes settings of the session; what is left out stays',
      schema: frameConfigureSchema,
      example: { type: 'configure', id: 1, threshold: 0.5, annotated: true },
      reply: {
        schema: frameConfiguredSchema,
        example: { type: 'configured', id: 1, ...SETTINGS, annotated: true },
      },
    },
    {
      name: 'frame-ack',
      from: 'other',
      summary: 'This frame and all before it are done with; the server sends the same of those that it takes',
      schema: frameAckSchema,
      example: { type: 'ack', frame: 812 },
    },
    {
      name: 'frame-result',
      from: 'server',
      summary: 'What was found in one frame',
      schema: frameDetectionsSchema,
      example: {
        type: 'detections',
        v: 1,
        sessionId: SESSION_ID,
        mid: '0',
        seq: 405,
        frame: 812,
        rtpTimestamp: EVENT.rtpTimestamp,
        captureTime: EVENT.time,
        width: 640,
        height: 480,
        task: 'detect',
        model: 'yolox-nano',
        objects: [PERSON],
        timings: { decode: 3.1, wait: 1.2, infer: 21.4, total: 26.2 },
      },
    },
    {
      name: 'frame-stats',
      from: 'server',
      summary: 'How it goes, once a second: totals',
      schema: frameStatsSchema,
      example: {
        type: 'stats',
        in: { frames: 812, dropped: 3, refused: 0, bytes: 20_300_000 },
        out: { frames: 790, dropped: 19, bytes: 21_100_000, results: 405, resultsDropped: 0 },
      },
    },
    {
      name: 'frame-notice',
      from: 'server',
      summary: 'A model of the session fails again and again, or works again',
      schema: controlNoticeSchema,
      example: {
        type: 'notice',
        code: 'model-failing',
        task: 'detect',
        model: 'yolox-nano',
        detail:
          'Cannot run the model yolox-nano: expected results, found inference-failed again and again; the video goes on without it',
      },
    },
    {
      name: 'frame-error',
      from: 'server',
      summary: 'Something was refused; the connection stays',
      schema: frameErrorSchema,
      example: {
        type: 'error',
        code: 'image-invalid',
        detail: 'Cannot read the image: expected a jpeg, found its end too early',
        frame: 812,
      },
    },
  ],
};

import { healthSchema, readySchema } from '../../../protocol/health.ts';
import { iceServersSchema } from '../../../protocol/ice.ts';
import type { Operation } from '../operation.ts';
import { modelListSchema } from '../schemas.ts';

const health = {
  status: 'ok',
  version: '0.1.0',
  uptime: 3_600,
  peers: [
    {
      peerId: 'local1',
      maxSessions: 8,
      codec: 'node-av 6.1.1, FFmpeg 8.0',
      sessions: 1,
      cpu: 0.62,
      residentMemory: 412_000_000,
      eventLoopDelayP99: 3.1,
      natives: 9,
      handles: 14,
    },
  ],
};

const model = {
  id: 'yolox-nano',
  task: 'detect',
  title: 'YOLOX-nano',
  licence: 'Apache-2.0',
  inputWidth: 416,
  inputHeight: 416,
  labels: ['person', 'bicycle'],
  threshold: 0.3,
  available: true,
  loaded: true,
  default: true,
  runsOn: 'cpu',
};

export const server: readonly Operation[] = [
  {
    method: 'get',
    path: '/models',
    id: 'getModels',
    group: 'server',
    summary: 'Lists the models that a call may name',
    answers: {
      200: {
        description: 'Each once, whichever media peers have it',
        content: { 'application/json': { schema: modelListSchema, example: [model] } },
      },
    },
    errors: [],
  },
  {
    method: 'get',
    path: '/ice-servers',
    id: 'getIceServers',
    group: 'server',
    summary: 'Lends STUN and TURN servers',
    description: 'For the `iceServers` of an RTCPeerConnection; the credentials end by themselves.',
    answers: {
      200: {
        description: 'As RTCPeerConnection takes it',
        content: {
          'application/json': {
            schema: iceServersSchema,
            example: {
              iceServers: [
                {
                  urls: ['turn:turn.example:3478'],
                  username: '1764000000:sightline',
                  credential: 'i+PGpXWl0fjDsSLjhd5zzbF7Uhw=',
                },
              ],
            },
          },
        },
      },
    },
    errors: [],
  },
  {
    method: 'get',
    path: '/healthz',
    id: 'getHealth',
    group: 'server',
    summary: 'Tells that the server runs',
    open: true,
    answers: {
      200: {
        description: 'It does, and its media peers are so',
        content: { 'application/json': { schema: healthSchema, example: health } },
      },
    },
    errors: [],
  },
  {
    method: 'get',
    path: '/readyz',
    id: 'getReady',
    group: 'server',
    summary: 'Tells whether a call would be taken now',
    open: true,
    answers: {
      200: {
        description: 'One with the default model would',
        content: { 'application/json': { schema: readySchema, example: { status: 'ready' } } },
      },
    },
    errors: ['no-peer', 'sessions-exhausted'],
  },
];

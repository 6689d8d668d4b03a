import {
  recordingListSchema,
  recordingRequestSchema,
  recordingSchema,
} from '../../../protocol/recordings.ts';
import { errorsOfPeer } from '../error-answers.ts';
import { SESSION_ID } from '../examples.ts';
import type { Operation, Parameter } from '../operation.ts';
import { sessionId } from './sessions.ts';

const RECORDING_ID = 'local1-Wq3v8eQzR5u0mJ1tYx7cKA';

const recordingId: Parameter = {
  name: 'rec',
  in: 'path',
  description: '`id` of the recording',
  example: RECORDING_ID,
};

const recording = {
  id: RECORDING_ID,
  sessionId: SESSION_ID,
  mid: '0',
  picture: 'annotated',
  results: true,
  state: 'finished',
  end: 'stopped',
  createdAt: 1_764_000_000_000,
  startTime: 1_764_000_000_041,
  durationSeconds: 12.4,
  bytes: 1_874_220,
  parts: [
    {
      file: '000.mp4',
      startSeconds: 0,
      durationSeconds: 12.4,
      width: 640,
      height: 480,
      frames: 372,
      bytes: 1_412_004,
    },
  ],
  framesDropped: 0,
  sound: true,
  soundDropped: 2,
  resultLines: 181,
  resultsDropped: 0,
};

const one = { 'application/json': { schema: recordingSchema, example: recording } };
const many = { 'application/json': { schema: recordingListSchema, example: { recordings: [recording] } } };
const errors = ['recording-unknown', 'no-peer', ...errorsOfPeer] as const;

export const recordings: readonly Operation[] = [
  {
    method: 'post',
    path: '/sessions/:id/recordings',
    id: 'postRecording',
    group: 'recordings',
    summary: 'Begins to record a session',
    description:
      'Fragmented MP4 with the sound in step, and a line of JSON for each result on the same clock. A session may be ' +
      'recorded several times at once; what is recorded outlives it.',
    parameters: [sessionId],
    body: {
      'application/json': {
        schema: recordingRequestSchema,
        example: { picture: 'annotated', rotateSeconds: 600 },
      },
    },
    answers: {
      201: { description: 'It is recorded', headers: { Location: 'Address of the recording' }, content: one },
    },
    errors: [
      'body-too-large',
      'not-json',
      'recording-invalid',
      'recording-off',
      'session-unknown',
      'camera-unknown',
      'recording-hidden',
      'recordings-exhausted',
      'picture-missing',
      'recording-quota',
      'recording-failed',
      'no-peer',
      ...errorsOfPeer,
    ],
  },
  {
    method: 'get',
    path: '/sessions/:id/recordings',
    id: 'getSessionRecordings',
    group: 'recordings',
    summary: 'Lists the recordings of a session, ended or not',
    parameters: [sessionId],
    answers: { 200: { description: 'The newest first', content: many } },
    errors: ['session-unknown', 'no-peer', ...errorsOfPeer],
  },
  {
    method: 'delete',
    path: '/sessions/:id/recordings/:rec',
    id: 'deleteSessionRecording',
    group: 'recordings',
    summary: 'Ends a recording; its files stay',
    parameters: [sessionId, recordingId],
    answers: { 200: { description: 'It has ended, and is so', content: one } },
    errors,
  },
  {
    method: 'get',
    path: '/recordings',
    id: 'getRecordings',
    group: 'recordings',
    summary: 'Lists all recordings',
    answers: { 200: { description: 'The newest first', content: many } },
    errors: ['no-peer', 'peer-lost'],
  },
  {
    method: 'get',
    path: '/recordings/:rec',
    id: 'getRecording',
    group: 'recordings',
    summary: 'Tells how a recording is',
    parameters: [recordingId],
    answers: { 200: { description: 'As `recording.json` has it', content: one } },
    errors,
  },
  {
    method: 'delete',
    path: '/recordings/:rec',
    id: 'deleteRecording',
    group: 'recordings',
    summary: 'Removes a recording; one that runs is ended first',
    parameters: [recordingId],
    answers: { 204: { description: 'Its files are gone' } },
    errors,
  },
  {
    method: 'get',
    path: '/recordings/:rec/:file',
    id: 'getRecordingFile',
    group: 'recordings',
    summary: 'A file of a recording, or a range of it',
    parameters: [
      recordingId,
      {
        name: 'file',
        in: 'path',
        description: 'A part, `results.jsonl` or `recording.json`',
        example: '000.mp4',
      },
      { name: 'Range', in: 'header', description: 'The bytes that are wanted', example: 'bytes=0-65535' },
      {
        name: 'If-Range',
        in: 'header',
        description: 'ETag of the file: where it is another by now, all of it comes',
      },
    ],
    answers: {
      200: {
        description: 'The file as far as it has come',
        headers: { ETag: 'Names what the file holds', 'Accept-Ranges': '`bytes`' },
        content: { 'video/mp4': {}, 'application/x-ndjson': {}, 'application/json': {} },
      },
      206: {
        description: 'The range',
        headers: {
          'Content-Range': 'What it is, and the length of the file',
          ETag: 'Names what the file holds',
        },
        content: { 'video/mp4': {}, 'application/x-ndjson': {}, 'application/json': {} },
      },
      304: { description: 'The file is the one that If-None-Match names' },
    },
    errors: [...errors, 'not-found', 'file-changed', 'range-invalid'],
  },
];

import { SightlineError } from '../../../protocol/errors.ts';
import { faultsIn } from '../../../protocol/faults.ts';
import {
  type RecordingList,
  type RecordingRequest,
  recordingRequestSchema,
} from '../../../protocol/recordings.ts';
import type { Recordings } from '../../recordings/recordings.ts';
import { readJson } from '../read-json.ts';
import type { Door } from '../server.ts';
import { getRecordingFile } from './download.ts';

/** Adds to a door what begins, ends, lists and hands out recordings. */
export function addRecordings({ router }: Door, recordings: Recordings): void {
  router.post('/sessions/:id/recordings', async (ctx) => {
    const request = toRequest(await readJson(ctx));
    const recording = await recordings.start(String(ctx.params['id']), request);
    ctx.status = 201;
    ctx.set('Location', `/recordings/${recording.id}`);
    ctx.body = recording;
  });
  router.get('/sessions/:id/recordings', async (ctx) => {
    ctx.body = { recordings: await recordings.ofSession(String(ctx.params['id'])) } satisfies RecordingList;
  });
  router.delete('/sessions/:id/recordings/:rec', async (ctx) => {
    const id = String(ctx.params['rec']);
    const { sessionId } = await recordings.get(id);
    if (sessionId !== ctx.params['id']) throw notOfSession(id);
    ctx.body = await recordings.stop(id);
  });
  router.get('/recordings', async (ctx) => {
    ctx.body = { recordings: await recordings.list() } satisfies RecordingList;
  });
  router.get('/recordings/:rec', async (ctx) => {
    ctx.body = await recordings.get(String(ctx.params['rec']));
  });
  router.delete('/recordings/:rec', async (ctx) => {
    await recordings.remove(String(ctx.params['rec']));
    ctx.status = 204;
  });
  router.get('/recordings/:rec/:file', getRecordingFile(recordings));
}

/** @throws SightlineError `recording-invalid` */
function toRequest(body: unknown): RecordingRequest {
  const parsed = recordingRequestSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new SightlineError('recording-invalid', `Cannot record: ${faultsIn(parsed.error, 'body')}`);
}

function notOfSession(id: string): SightlineError {
  return new SightlineError(
    'recording-unknown',
    `Cannot find the recording ${id} among those of the session`,
  );
}

import { EventEmitter } from 'node:events';
import { appendFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { nativeCodecs } from '../../../peer/codec/native/codecs.ts';
import type { LiveSession } from '../../../peer/live-session.ts';
import { Recordings, type RecordingsOptions } from '../../../peer/recordings/recordings.ts';
import { SightlineError } from '../../../protocol/errors.ts';
import { type Recording, recordingRequestSchema, recordingSchema } from '../../../protocol/recordings.ts';
import { temporaryFolder } from '../../models/temporary-folder.ts';
import { eventually } from '../../support/eventually.ts';
import { RecordedScene } from '../../support/recorded-scene.ts';

const folder = temporaryFolder();
const log = pino({ level: 'silent' });

afterEach(() => {
  expect(nativeCodecs.live).toBe(0);
});

/** A session of one scene, as far as recordings look at it. */
class RecordedSession extends EventEmitter {
  readonly scene = new RecordedScene();
  readonly scenes = [this.scene];

  describe() {
    return { sessionId: 'session' };
  }

  async end(): Promise<void> {
    await this.scene.close();
    this.emit('close', 'the caller hung up');
  }
}

function open(session: RecordedSession, options: Partial<RecordingsOptions> = {}): Promise<Recordings> {
  const get = (id: string) => {
    if (id === 'session') return session as unknown as LiveSession;
    throw new SightlineError('session-unknown', 'Cannot find it');
  };
  return Recordings.open({
    directory: folder(),
    maxBytes: Number.POSITIVE_INFINITY,
    peerId: 'p1',
    sessions: { get },
    codecs: nativeCodecs,
    maxBitrate: 1_000_000,
    log,
    ...options,
  });
}

const request = (fields: object = {}) => recordingRequestSchema.parse(fields);

async function manifestOf(id: string): Promise<Recording> {
  return recordingSchema.parse(JSON.parse(await readFile(join(folder(), id, 'recording.json'), 'utf8')));
}

async function leave(id: string, fields: Partial<Recording>): Promise<string> {
  const path = join(folder(), id);
  const left: Recording = {
    id,
    sessionId: 'before',
    mid: '0',
    picture: 'annotated',
    results: true,
    state: 'finished',
    createdAt: 1,
    durationSeconds: 1,
    bytes: 1,
    parts: [],
    framesDropped: 0,
    sound: false,
    soundDropped: 0,
    resultLines: 0,
    resultsDropped: 0,
    ...fields,
  };
  await mkdir(path);
  await writeFile(join(path, 'recording.json'), JSON.stringify(left));
  return path;
}

const idOf = (peerId: string, letter: string) => `${peerId}-${letter.repeat(22)}`;

describe('Recordings', () => {
  it('keeps what was recorded after the session and the media peer are gone', async () => {
    const session = new RecordedSession();
    const recordings = await open(session);
    const { id, state } = await recordings.start('session', request());
    expect(state).toBe('recording');
    await session.scene.show(10);
    session.scene.find(1);
    await session.end();
    await recordings.close();

    const later = await open(new RecordedSession());
    expect(await later.list()).toEqual([await manifestOf(id)]);
    expect(await later.get(id)).toMatchObject({ state: 'finished', end: 'session-closed', resultLines: 1 });
    expect((await later.get(id)).parts).toMatchObject([{ file: '000.mp4', startSeconds: 0 }]);
    expect((await readdir(join(folder(), id))).sort()).toEqual([
      '000.mp4',
      'recording.json',
      'results.jsonl',
    ]);
    await later.close();
  });

  it('ends a recording once, and removes it when asked to', async () => {
    const session = new RecordedSession();
    const recordings = await open(session);
    const { id } = await recordings.start('session', request());
    await session.scene.show(5);
    const ended = await recordings.stop(id);
    expect(ended).toMatchObject({ state: 'finished', end: 'stopped' });
    expect(await recordings.stop(id)).toEqual(ended);
    expect(await recordings.ofSession('session')).toEqual([ended]);
    await recordings.remove(id);
    expect(await readdir(folder())).toEqual([]);
    await expect(recordings.get(id)).rejects.toMatchObject({ code: 'recording-unknown' });
    await recordings.close();
    await session.end();
  });

  it('says no with a code of its own', async () => {
    const session = new RecordedSession();
    const recordings = await open(session);
    const start = (fields: object) => recordings.start('session', request(fields));
    await expect(recordings.start('nobody', request())).rejects.toMatchObject({ code: 'session-unknown' });
    await expect(start({ mid: '9' })).rejects.toMatchObject({ code: 'camera-unknown' });
    session.scene.hiding = true;
    await expect(start({ picture: 'original' })).rejects.toMatchObject({ code: 'recording-hidden' });
    const begun = await Promise.allSettled(Array.from({ length: 6 }, () => start({})));
    expect(begun.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    await expect(start({})).rejects.toMatchObject({ code: 'recordings-exhausted' });
    await recordings.close();
    const off = await open(session, { directory: undefined });
    await expect(off.start('session', request())).rejects.toMatchObject({ code: 'recording-off' });
    expect(await off.list()).toEqual([]);
    await off.close();
    await session.end();
    await expect(open(session, { directory: '/dev/null/here' })).rejects.toMatchObject({
      code: 'config-invalid',
    });
  });

  it('finds nothing outside its folder', async () => {
    const recordings = await open(new RecordedSession());
    for (const id of ['..', '.', 'p1', `../${idOf('p1', 'a')}`, ''])
      await expect(recordings.get(id)).rejects.toMatchObject({ code: 'recording-unknown' });
    await recordings.close();
  });

  it('makes room by removing the oldest that have ended, and none that runs', async () => {
    await leave(idOf('p1', 'a'), { createdAt: 1, bytes: 600_000 });
    await leave(idOf('p1', 'b'), { createdAt: 2, bytes: 600_000 });
    await leave(idOf('p2', 'c'), { createdAt: 0, bytes: 300_000, state: 'recording' });
    const session = new RecordedSession();
    const recordings = await open(session, { maxBytes: 1_000_000 });
    const { id } = await recordings.start('session', request());
    const left = (await recordings.list()).map((recording) => recording.id);
    expect(left).toEqual([id, idOf('p1', 'b'), idOf('p2', 'c')]);
    await recordings.close();
    await session.end();
  });

  it('refuses to record where those that run take all room', async () => {
    await leave(idOf('p2', 'c'), { bytes: 2_000_000, state: 'recording' });
    const session = new RecordedSession();
    const recordings = await open(session, { maxBytes: 1_000_000 });
    await expect(recordings.start('session', request())).rejects.toMatchObject({ code: 'recording-quota' });
    await recordings.close();
    await session.end();
  });

  it('ends what runs where nothing else is left to make room', async () => {
    const old = idOf('p1', 'a');
    await leave(old, { bytes: 1000 });
    const session = new RecordedSession();
    const recordings = await open(session, { maxBytes: 1_000_000, roomMs: 20 });
    const { id } = await recordings.start('session', request());
    await session.scene.show(3);
    for (let n = 0; n < 15_000; n++) session.scene.find(1);
    const ended = await eventually(
      () => recordings.get(id),
      ({ state }) => state !== 'recording',
    );
    expect(ended).toMatchObject({ state: 'finished', end: 'quota' });
    await expect(recordings.get(old)).rejects.toMatchObject({ code: 'recording-unknown' });
    await recordings.close();
    await session.end();
  });

  it('tells of what a media peer that died has left that it was interrupted, without half a line', async () => {
    const part = {
      file: '000.mp4',
      startSeconds: 0,
      durationSeconds: 2,
      width: 64,
      height: 48,
      frames: 50,
      bytes: 0,
    };
    const own = await leave(idOf('p1', 'a'), { state: 'recording', parts: [part] });
    await writeFile(join(own, '000.mp4'), 'twelve bytes');
    await appendFile(join(own, 'results.jsonl'), '{"seconds":0}\n{"seconds":1}\n{"sec');
    await leave(idOf('p2', 'b'), { state: 'recording' });
    const recordings = await open(new RecordedSession());
    expect(await recordings.get(idOf('p1', 'a'))).toMatchObject({
      state: 'interrupted',
      end: 'interrupted',
      bytes: 12 + 28,
      parts: [{ bytes: 12 }],
    });
    expect((await stat(join(own, 'results.jsonl'))).size).toBe(28);
    // Another media peer of this machine records
    expect(await recordings.get(idOf('p2', 'b'))).toMatchObject({ state: 'recording' });
    await recordings.close();
  });
});

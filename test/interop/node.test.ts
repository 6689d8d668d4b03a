import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { footagePath } from '../support/footage.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';
import { greenInEachFrame, median, readResults, shareWithMan, streamsOf } from './kept-film.ts';
import { runProgram } from './run-program.ts';

const client = fileURLToPath(new URL('../../examples/node/client.mjs', import.meta.url));
const film = footagePath('asl_milk.mkv');
const hasFfmpeg = spawnSync(process.env['FFMPEG_PATH'] ?? 'ffmpeg', ['-version']).status === 0;

describe.skipIf(!hasFfmpeg)('examples/node/client.mjs (skipped where there is no ffmpeg)', () => {
  let sightline: Sightline;
  let folder: string;

  beforeAll(async () => {
    [sightline, folder] = await Promise.all([startSightline(), mkdtemp(join(tmpdir(), 'sightline-node-'))]);
  });
  afterAll(async () => {
    await sightline?.close();
    if (folder) await rm(folder, { recursive: true });
  });

  const run = (source: string, ...args: string[]) => runProgram(process.execPath, [client, source, ...args]);

  /** Sends a film. @returns where the annotated one is, and the results */
  const send = async (name: string, source: string, ...args: string[]) => {
    const [video, detections] = [join(folder, name), join(folder, 'detections.jsonl')];
    const kept = ['--video', video, '--detections', detections];
    const { code, output } = await run(source, '--server', sightline.url, ...kept, ...args);
    expect(code, output).toBe(0);
    return { video, results: await readResults(detections) };
  };

  it.skipIf(!film)(
    'keeps the annotated film and its results (skipped where there is no footage)',
    async () => {
      const { video, results } = await send('annotated.webm', film ?? '', '--loop', '--seconds', '5');
      expect(results.length).toBeGreaterThan(2);
      expect(shareWithMan(results)).toBeGreaterThan(0.8);
      const [sent, returned] = [await greenInEachFrame(film ?? ''), await greenInEachFrame(video)];
      expect(returned.length).toBeGreaterThan(10);
      expect(median(returned)).toBeGreaterThan(median(sent) + 200);
    },
  );

  it('takes what FFmpeg can make, in a format that FFmpeg can write, and hangs up at its end', async () => {
    const source = 'testsrc2=size=320x240:rate=30:duration=2';
    const settings = JSON.stringify({ task: 'detect', threshold: 0.9 });
    const { video, results } = await send('made.mp4', source, '--format', 'lavfi', '--settings', settings);
    expect(results.length).toBeGreaterThan(2);
    expect(results).toMatchObject(results.map(() => ({ mid: '0', width: 320, height: 240, task: 'detect' })));
    expect(await streamsOf(video)).toEqual(new Set([AVMEDIA_TYPE_VIDEO]));
    await eventually(
      () => sightline.peers(),
      ([peer]) => peer?.sessions === 0,
    );
  });

  it('says why the server does not take a call', async () => {
    const { code, output } = await run(
      'testsrc2',
      '--format',
      'lavfi',
      '--server',
      `${sightline.url}/nowhere`,
    );
    expect(code).toBe(1);
    expect(output).toMatch(/^The server does not take the call: /m);
  });

  it('says that there is no such film', async () => {
    const none = join(folder, 'none.mp4');
    const { code, output } = await run(none, '--server', sightline.url, '--video', join(folder, 'a.webm'));
    expect(code).toBe(1);
    expect(output).toContain('FFmpeg cannot read the film');
  });
});

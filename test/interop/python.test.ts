import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AVMEDIA_TYPE_AUDIO, AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { footagePath } from '../support/footage.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';
import { greenInEachFrame, median, readResults, shareWithMan, streamsOf } from './kept-film.ts';
import { hasAiortc, runPythonClient } from './python-client.ts';

const film = footagePath('asl_milk.mkv');

describe.skipIf(!hasAiortc)('examples/python/client.py (skipped where there is no python3-aiortc)', () => {
  let sightline: Sightline;
  let folder: string;

  beforeAll(async () => {
    [sightline, folder] = await Promise.all([startSightline(), mkdtemp(join(tmpdir(), 'sightline-python-'))]);
  });
  afterAll(async () => {
    await sightline?.close();
    if (folder) await rm(folder, { recursive: true });
  });

  /** Sends a film. @returns where the annotated one is, and the results */
  const send = async (source: string, ...args: string[]) => {
    const [video, detections] = [join(folder, 'annotated.mp4'), join(folder, 'detections.jsonl')];
    const kept = ['--video', video, '--detections', detections];
    const { code, output } = await runPythonClient(source, '--server', sightline.url, ...kept, ...args);
    expect(code, output).toBe(0);
    return { video, results: await readResults(detections) };
  };

  it.skipIf(!film)(
    'keeps the annotated film and its results (skipped where there is no footage)',
    async () => {
      const { video, results } = await send(film ?? '', '--loop', '--seconds', '5');
      expect(results.length).toBeGreaterThan(2);
      expect(shareWithMan(results)).toBeGreaterThan(0.8);
      const [sent, returned] = [await greenInEachFrame(film ?? ''), await greenInEachFrame(video)];
      expect(returned.length).toBeGreaterThan(10);
      expect(median(returned)).toBeGreaterThan(median(sent) + 200);
    },
  );

  it('sends sound beside a picture of its own making, and hangs up when it is told to', async () => {
    const source = 'testsrc2=size=320x240:rate=30 [out0]; sine=sample_rate=48000 [out1]';
    const { video, results } = await send(source, '--format', 'lavfi', '--seconds', '3');
    expect(results).toMatchObject(results.map(() => ({ mid: '0', width: 320, height: 240 })));
    expect(results.length).toBeGreaterThan(2);
    expect(await streamsOf(video)).toEqual(new Set([AVMEDIA_TYPE_VIDEO, AVMEDIA_TYPE_AUDIO]));
    const [peer] = await eventually(
      () => sightline.peers(),
      ([found]) => found?.sessions === 0,
    );
    expect(peer?.sessions).toBe(0);
  });

  it('says why the server does not take a call', async () => {
    const address = `${sightline.url}/nowhere`;
    const source = ['testsrc2', '--format', 'lavfi', '--server', address];
    const { code, output } = await runPythonClient(...source, '--video', join(folder, 'none.mp4'));
    expect(code).toBe(1);
    expect(output).toMatch(/^The server does not take the call: /m);
  });
});

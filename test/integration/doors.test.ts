import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { FramesClient } from '../peer/door/frames-client.ts';
import { collectParts } from '../peer/door/mjpeg-parts.ts';
import { launchBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { encodeImage, quartersRgba } from '../support/images.ts';
import { expectProblem } from '../support/problem.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';

const ffmpegPath = process.env['FFMPEG_PATH'] ?? 'ffmpeg';
const hasFfmpeg = spawnSync(ffmpegPath, ['-version']).status === 0;
const KEY = 'the-key';
const [width, height] = [160, 120];

describe('frames in over a WebSocket, and out by every door', () => {
  let sightline: Sightline;
  let browser: Browser;
  let sender: FramesClient;
  let jpeg: Buffer;
  let playing: NodeJS.Timeout;

  beforeAll(async () => {
    [sightline, browser, jpeg] = await Promise.all([
      startSightline({ SIGHTLINE_KEY: KEY }),
      launchBrowser(),
      encodeImage('jpeg', { width, height, rgba: quartersRgba(width, height) }),
    ]);
    sender = await FramesClient.open(connect('?threshold=0.4'));
    let sequence = 0;
    playing = setInterval(() => sender.send({ sequence: sequence++, width, height }, jpeg), 40);
    await sender.next('ack');
  });
  afterAll(async () => {
    clearInterval(playing);
    await Promise.all([browser?.close(), sightline?.close()]);
  });

  const connect = (query: string) => {
    const url = new URL(`/ws/frames${query}`, sightline.url.replace('http', 'ws'));
    url.searchParams.set('key', KEY);
    return new WebSocket(url);
  };
  const path = (rest: string) => `${sightline.url}/sessions/${sender.session.sessionId}${rest}`;
  const get = (rest: string) => fetch(path(rest), { headers: { Authorization: `Bearer ${KEY}` } });

  it('GET /sessions/:id tells of it, and PATCH changes it', async () => {
    expect(await (await get('')).json()).toMatchObject({
      via: 'websocket',
      state: 'connected',
      threshold: 0.4,
    });
    const changed = await fetch(path(''), {
      method: 'PATCH',
      headers: { Authorization: `Bearer ${KEY}`, 'Content-Type': 'application/json' },
      body: '{"threshold":0.7}',
    });
    expect(await changed.json()).toMatchObject({ threshold: 0.7 });
  });

  it('asks for the key, in the address where a browser can send no header', async () => {
    for (const door of ['/mjpeg', '/snapshot.jpg', '/events']) {
      await expectProblem(await fetch(path(door)), 'key-required');
      await expectProblem(await fetch(path(`${door}?key=another`)), 'key-required');
      const answer = await fetch(path(`${door}?key=${KEY}`));
      expect(answer.status).toBe(200);
      await answer.body?.cancel();
    }
    await expectProblem(await fetch(path(`?key=${KEY}`)), 'key-required');
    expect(sightline.output()).not.toContain(KEY);
  });

  it('is shown by an <img> of Chromium, frame after frame', async () => {
    const page = await browser.newPage();
    await page.goto(`${sightline.url}/healthz`);
    const frames = await page.evaluate(
      async (source) => {
        const image = new Image();
        image.src = source;
        document.body.append(image);
        const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
        const colours: number[][] = [];
        while (colours.length < 5) {
          await new Promise(requestAnimationFrame);
          if (image.naturalWidth === 0) continue;
          context?.drawImage(image, 0, 0);
          colours.push([...(context?.getImageData(20, 20, 1, 1).data ?? [])]);
        }
        return { width: image.naturalWidth, height: image.naturalHeight, colour: colours.at(-1) };
      },
      path(`/mjpeg?key=${KEY}&quality=95`),
    );
    await page.close();
    expect(frames).toMatchObject({ width, height });
    const [red = 0, green = 255] = frames.colour ?? [];
    expect([red > 200, green < 60]).toEqual([true, true]);
  });

  it('is shown to a client that watches over a WebSocket, with the times of its sender', async () => {
    const watcher = await FramesClient.open(connect(`?session=${sender.session.sessionId}`));
    const { header } = await watcher.nextFrame();
    expect(Math.abs(header.captureTime - Date.now())).toBeLessThan(10_000);
    expect(await watcher.next('detections')).toMatchObject({ sessionId: sender.session.sessionId });
    watcher.close();
  });

  it.skipIf(!hasFfmpeg)('is read by ffmpeg (skipped where it is not installed)', async () => {
    const args = ['-v', 'error', '-f', 'mpjpeg', '-i', path(`/mjpeg?key=${KEY}`), '-frames:v', '5'];
    const ffmpeg = spawn(ffmpegPath, [...args, '-f', 'null', '-'], { stdio: 'ignore' });
    expect((await once(ffmpeg, 'exit'))[0]).toBe(0);
  });

  it('refuses to watch a session that is not there before the WebSocket is opened', async () => {
    const socket = connect(`?session=nobody-${'A'.repeat(22)}`);
    const [, answer] = await once(socket, 'unexpected-response');
    expect(answer.statusCode).toBe(404);
    answer.resume();
  });

  it('DELETE ends it and all who watch, and nothing is left', async () => {
    const parts = collectParts(await get('/mjpeg'));
    const ended = once(sender.socket, 'close');
    clearInterval(playing);
    const answer = await fetch(path(''), { method: 'DELETE', headers: { Authorization: `Bearer ${KEY}` } });
    expect(answer.status).toBe(204);
    expect((await ended)[0]).toBe(1000);
    await parts;
    await expectProblem(await get('/mjpeg'), 'session-unknown');
    const [peer] = await eventually(
      () => sightline.peers(),
      ([first]) => first?.sessions === 0 && first.natives === 0,
    );
    expect(peer).toMatchObject({ sessions: 0, natives: 0 });
  });
});

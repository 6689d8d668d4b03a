import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nativeCodecs } from '../../../peer/codec/native/codecs.ts';
import { eventually } from '../../support/eventually.ts';
import { expectProblem } from '../../support/problem.ts';
import { hasWeights } from '../inference/yolox-nano.ts';
import { collectParts, partsOf } from './mjpeg-parts.ts';
import { PicturesDoor, type TestFeed } from './pictures-door.ts';

const ffmpegPath = process.env['FFMPEG_PATH'] ?? 'ffmpeg';
const hasFfmpeg = spawnSync(ffmpegPath, ['-version']).status === 0;

describe.skipIf(!hasWeights)('pictures of sessions (skipped without the weights of yolox-nano)', () => {
  let test: PicturesDoor;
  let feed: TestFeed;
  beforeAll(async () => {
    test = await PicturesDoor.open();
  });
  afterEach(() => feed?.session.close('the test is over'));
  afterAll(async () => {
    await test.close();
    expect(nativeCodecs.live).toBe(0);
  });

  const mjpeg = (query = '') => test.get(`/sessions/${feed.id}/mjpeg${query}`);
  const snapshot = (query = '') => test.get(`/sessions/${feed.id}/snapshot.jpg${query}`);
  const nothingLeft = async () => {
    await feed.session.close('over');
    await eventually(
      async () => nativeCodecs.live,
      (live) => live === 0,
    );
  };
  const sizeOf = async (jpeg: Uint8Array) => {
    using frame = await nativeCodecs.decodeImage(jpeg, { maxPixels: 1e7 });
    return [frame.width, frame.height];
  };

  it('GET /sessions/:id/mjpeg sends each frame with its time, and makes it once for all who want the same', async () => {
    feed = await test.feed();
    const before = Date.now();
    const readers = await Promise.all([mjpeg(), mjpeg()]);
    for (const { headers } of readers)
      expect(headers.get('Content-Type')).toBe('multipart/x-mixed-replace; boundary=frame');
    using _playing = feed.play();
    const [one = [], other = []] = await Promise.all(
      readers.map(async (response) => {
        const parts = [];
        for await (const part of partsOf(response)) {
          parts.push(part);
          if (parts.length === 8) break;
        }
        return parts;
      }),
    );
    for (const { headers, data } of one) {
      expect(headers.get('Content-Type')).toBe('image/jpeg');
      expect(await sizeOf(data)).toEqual([64, 48]);
      expect(Number(headers.get('X-Timestamp'))).toBeGreaterThanOrEqual(before);
      expect(Number(headers.get('X-Rtp-Timestamp'))).toBe((Number(headers.get('X-Frame')) - 1) * 3000);
      const same = other.find((part) => part.headers.get('X-Frame') === headers.get('X-Frame'));
      if (same) expect(Buffer.from(same.data).equals(data)).toBe(true);
    }
    await nothingLeft();
  });

  it('leaves out a reader that does not read, and shows it the newest when it reads again', async () => {
    feed = await test.feed();
    const [stalled, reading] = await Promise.all([mjpeg('?quality=95'), mjpeg('?quality=95')]);
    // Noise, of which a JPEG is so large that the buffers of the system are soon full
    const noise = randomBytes(1280 * 720);
    feed.push(1280, 720, noise);
    const last = 20;
    for await (const { headers } of partsOf(reading)) {
      if (Number(headers.get('X-Frame')) === last) break;
      feed.push(1280, 720, noise);
    }
    using _playing = feed.play();
    const late: number[] = [];
    for await (const { headers } of partsOf(stalled)) {
      late.push(Number(headers.get('X-Frame')));
      if ((late.at(-1) ?? 0) > last) break;
    }
    expect(late).toEqual(late.toSorted((a, b) => a - b));
    expect(late.length).toBeLessThan(last - 5);
    await nothingLeft();
  });

  it('heeds width, fps and quality', async () => {
    feed = await test.feed();
    using _playing = feed.play(320, 240);
    const small = await snapshot('?width=101');
    expect(await sizeOf(await small.bytes())).toEqual([102, 76]);
    const [good, bad] = await Promise.all(
      ['?quality=95', '?quality=5'].map(async (query) => snapshot(query)),
    );
    expect((await good?.bytes())?.length).toBeGreaterThanOrEqual((await bad?.bytes())?.length ?? 0);
    const frames: number[] = [];
    for await (const { headers } of partsOf(await mjpeg('?fps=5'))) {
      frames.push(Number(headers.get('X-Frame')));
      if (frames.length === 4) break;
    }
    const [first = 0, last = 0] = [frames[0], frames.at(-1)];
    expect(last - first).toBeGreaterThanOrEqual(3 * 4);
  });

  it('ends with the session', async () => {
    feed = await test.feed();
    const { scene } = feed.session;
    const parts = mjpeg().then(collectParts);
    const joined = Promise.withResolvers<void>();
    const addSink = scene.addSink.bind(scene);
    let sinks = 0;
    scene.addSink = (sink) => {
      if (++sinks === 2) joined.resolve();
      return addSink(sink);
    };
    const taken = snapshot('?quality=70');
    await joined.promise;
    await feed.session.close('over');
    await expectProblem(await taken, 'picture-missing');
    expect(await parts).toEqual([]);
    await expectProblem(await mjpeg(), 'session-unknown');
    await nothingLeft();
  });

  it.each(['quality=0', 'quality=101', 'width=4', 'fps=0', 'picture=another', 'colour=red', 'quality=high'])(
    'refuses ?%s',
    async (query) => {
      feed = await test.feed();
      await expectProblem(await mjpeg(`?${query}`), 'query-invalid');
      await expectProblem(await snapshot(`?${query}`), 'query-invalid');
    },
  );

  it('never shows what is to be hidden, not even to those who asked for the picture as it came before', async () => {
    feed = await test.feed();
    const parts = partsOf(await mjpeg('?picture=original&quality=90'));
    const noise = randomBytes(128 * 96);
    const next = async () => {
      feed.push(128, 96, noise);
      return (await parts.next()).value?.data.length ?? 0;
    };
    const shown = await next();
    await feed.session.configure({ effects: { faces: 'pixelate' } });
    // Before it is known where faces are, all is covered
    expect(await next()).toBeLessThan(shown / 2);
    await expectProblem(await mjpeg('?picture=original'), 'passthrough-unavailable');
    await parts.return(undefined);
    await nothingLeft();
  });

  it('knows neither sessions nor cameras that are not there, and takes no more readers than it may', async () => {
    feed = await test.feed();
    await expectProblem(await test.get('/sessions/nobody/mjpeg'), 'session-unknown');
    await expectProblem(await mjpeg('?mid=7'), 'camera-unknown');
    const readers = await Promise.all([mjpeg(), mjpeg(), mjpeg('?width=32')]);
    await expectProblem(await mjpeg(), 'viewers-exhausted');
    await readers[0]?.body?.cancel();
    await eventually(
      async () => {
        const next = await mjpeg();
        await next.body?.cancel();
        return next.status;
      },
      (status) => status === 200,
    );
    for (const reader of readers.slice(1)) await reader.body?.cancel();
    await nothingLeft();
  });

  it.skipIf(!hasFfmpeg)('is read by ffmpeg (skipped where it is not installed)', async () => {
    feed = await test.feed();
    using _playing = feed.play(160, 120);
    const url = new URL(`/sessions/${feed.id}/mjpeg`, test.door.address.url).href;
    const authorization = `Authorization: Bearer ${test.door.address.token}\r\n`;
    const args = ['-v', 'error', '-headers', authorization, '-f', 'mpjpeg', '-i', url];
    const ffmpeg = spawn(ffmpegPath, [...args, '-frames:v', '10', '-f', 'framehash', '-'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [out, errors] = await Promise.all([ffmpeg.stdout.toArray(), ffmpeg.stderr.toArray()]);
    expect(errors.join('')).toBe('');
    const frames = out
      .join('')
      .split('\n')
      .filter((line) => /^0,/.test(line));
    expect(frames).toHaveLength(10);
    expect(new Set(frames.map((line) => line.split(',').at(-1))).size).toBe(10);
  });
});

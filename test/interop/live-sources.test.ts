import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nativeCodecs } from '../../peer/codec/native/codecs.ts';
import { hasWeights } from '../peer/inference/yolox-nano.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { expectProblem } from '../support/problem.ts';
import { hasRtspServer, RtspServer } from '../support/rtsp-server.ts';
import { SourcesDoor } from '../support/sources-door.ts';

const ffmpeg = process.env['FFMPEG_PATH'] ?? 'ffmpeg';
const hasFfmpeg = spawnSync(ffmpeg, ['-version'], { stdio: 'ignore' }).status === 0;
const reconnect = { firstMs: 50, maxMs: 400, giveUpMs: 60_000 };

describe.skipIf(!hasWeights)(
  'POST /sources of live servers (skipped without the weights of yolox-nano)',
  () => {
    let door: SourcesDoor;
    beforeAll(async () => {
      door = await SourcesDoor.open({ rules: { schemes: ['rtsp', 'rtmp'] }, reconnect });
    });
    afterEach(async () => {
      await door.sessions.close('the test is over');
      expect(nativeCodecs.live).toBe(0);
    });
    afterAll(() => door.close());

    describe.skipIf(!hasRtspServer)('RTSP of GStreamer (skipped where there is no gst-rtsp-server)', () => {
      let server: RtspServer;
      beforeAll(async () => {
        server = await RtspServer.start('user', 'secret');
      });
      afterAll(() => server?.kill());

      it('finds things in its pictures, before it is killed and after it is back', async () => {
        const source = await door.open({ url: `rtsp://user:secret@127.0.0.1:${server.port}/live` });
        expect(source.opened).toMatchObject({ via: 'source', state: 'connected', sync: 'live' });
        const [before] = await source.results(3);
        expect(source.describe().tracks).toMatchObject([{ codec: 'H264', width: 160, height: 120 }]);
        await server.kill();
        await source.reach('disconnected');
        server = await RtspServer.start('user', 'secret', server.port);
        await source.reach('connected');
        const [after] = await source.results(3);
        const seconds = (((after?.rtpTimestamp ?? 0) - (before?.rtpTimestamp ?? 0)) >>> 0) / 90_000;
        const passed = ((after?.captureTime ?? 0) - (before?.captureTime ?? 0)) / 1000;
        expect(seconds / passed).toBeCloseTo(1, 0);
      });

      it('says that it cannot be read with another password, without the password', async () => {
        const posted = await door.post({ url: `rtsp://user:sesame@127.0.0.1:${server.port}/live` });
        const { detail } = await expectProblem(posted, 'source-unreadable');
        expect(detail).toContain(`rtsp://127.0.0.1:${server.port}/live`);
        expect(detail).not.toContain('sesame');
      });
    });

    it.skipIf(!hasFfmpeg)('takes RTMP of FFmpeg (skipped where there is no ffmpeg)', async () => {
      const url = `rtmp://127.0.0.1:${await freePort()}/live/camera`;
      const server = rtmpServer(url);
      try {
        const opened = await eventually(
          () => door.post({ url }),
          ({ status }) => status === 201,
        );
        expect(await opened.json()).toMatchObject({ via: 'source', tracks: [{ codec: 'H264' }] });
      } finally {
        const ended = once(server, 'exit');
        server.kill('SIGKILL');
        await ended;
      }
    });
  },
);

/** Sends a film to the first who asks. */
function rtmpServer(url: string): ChildProcess {
  const film = ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=15'];
  const coded = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '15', '-f', 'flv'];
  return spawn(ffmpeg, [...film, ...coded, '-listen', '1', url], { stdio: 'ignore' });
}

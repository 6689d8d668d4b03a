import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nativeCodecs } from '../../peer/codec/native/codecs.ts';
import { hasWeights } from '../peer/inference/yolox-nano.ts';
import { expectProblem } from '../support/problem.ts';
import { hasRtspServer, RtspServer } from '../support/rtsp-server.ts';
import { SourcesDoor } from '../support/sources-door.ts';

const why = 'skipped where there is no gst-rtsp-server, or no weights of yolox-nano';

describe.skipIf(!hasRtspServer || !hasWeights)(
  `POST /sources of an RTSP server of GStreamer (${why})`,
  () => {
    let door: SourcesDoor;
    let server: RtspServer;
    beforeAll(async () => {
      const reconnect = { firstMs: 50, maxMs: 400, giveUpMs: 60_000 };
      [door, server] = await Promise.all([
        SourcesDoor.open({ reconnect }),
        RtspServer.start('user', 'secret'),
      ]);
    });
    afterAll(async () => {
      await door?.close();
      await server?.kill();
      expect(nativeCodecs.live).toBe(0);
    });

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
      await source.close();
    });

    it('says that it cannot be read with another password, without the password', async () => {
      const posted = await door.post({ url: `rtsp://user:sesame@127.0.0.1:${server.port}/live` });
      const { detail } = await expectProblem(posted, 'source-unreadable');
      expect(detail).toContain(`rtsp://127.0.0.1:${server.port}/live`);
      expect(detail).not.toContain('sesame');
    });
  },
);

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelSummary } from '../../protocol/models.ts';
import { classifier } from '../cli/models/classifier.ts';
import { classifierManifest, writeModel } from '../cli/models/own-folder.ts';
import { temporaryFolder } from '../models/temporary-folder.ts';
import { OipServer } from '../peer/inference/kserve/oip-server.ts';
import { hasWeights, yoloxNano } from '../peer/inference/yolox-nano.ts';
import { syntheticFilm } from '../support/coded-film.ts';
import { eventually } from '../support/eventually.ts';
import { RtcClient } from '../support/rtc-client.ts';
import { sendUntil } from '../support/send-film.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';

/** In ticks of 90 kHz: later than all that a film before it can have reached. */
const MINUTE = 60 * 90_000;
/** More than the frames that were under way when something went wrong. */
const FRAMES = 20;

/** Sends pictures from that RTP timestamp on, until so many have come back and something else is true. */
async function goOn(client: RtcClient, from: number, isEnough: () => boolean): Promise<void> {
  let frames = 0;
  const count = () => frames++;
  client.on('frame', count);
  await sendUntil(client, await syntheticFilm('H264', 30, from), () => frames >= FRAMES && isEnough());
  client.off('frame', count);
}

describe('a model whose outputs are no numbers', () => {
  const folder = temporaryFolder();

  it('gives no results, which the log says, and the video goes on without an overlay', async () => {
    await writeModel(join(folder(), 'nan'), {
      'colour.onnx': classifier('nan'),
      'manifest.json': classifierManifest,
    });
    const environment = { SIGHTLINE_MODELS_DIR: folder(), SIGHTLINE_MODEL: classifierManifest.id };
    const sightline = await startSightline(environment);
    try {
      const client = await RtcClient.dial(sightline.url, { codec: 'H264' });
      await goOn(client, 0, () => sightline.output().includes('Frame not analysed'));
      expect(client.detections).toEqual([]);
      expect(await sightline.peers()).toMatchObject([{ sessions: 1 }]);
      await client.close();
    } finally {
      await sightline.close();
    }
  });
});

describe.skipIf(!hasWeights)(
  'an inference server (skipped where the weights of yolox-nano are not there)',
  () => {
    let server: OipServer;
    let sightline: Sightline;
    beforeAll(async () => {
      server = await OipServer.start(yoloxNano.path);
      const environment = { SIGHTLINE_KSERVE_URL: server.url, SIGHTLINE_KSERVE_TIMEOUT_MS: '1000' };
      sightline = await startSightline({ ...environment, SIGHTLINE_MODEL: 'yolox-nano' });
    });
    afterAll(async () => {
      await sightline.close();
      await server[Symbol.asyncDispose]();
    });

    const runsOn = async () => {
      const models = (await (await fetch(`${sightline.url}/models`)).json()) as ModelSummary[];
      return models.find(({ id }) => id === 'yolox-nano')?.runsOn;
    };

    it.each([
      ['hangs', 'hang'],
      ['answers rubbish', 'rubbish'],
    ] as const)('that %s in mid-call is done without: video and results go on', async (_, conduct) => {
      server.conduct = 'well';
      await eventually(runsOn, (place) => place === 'kserve');
      const client = await RtcClient.dial(sightline.url, { codec: 'H264' });
      await goOn(client, 0, () => client.detections.length > 0);
      const asked = server.requests.length;
      expect(asked).toBeGreaterThan(0);
      server.conduct = conduct;
      const results = client.detections.length;
      // Two runs wait in vain, then the model is run beside the call
      await goOn(client, MINUTE, () => client.detections.length >= results + 5);
      expect(server.requests.length).toBeGreaterThan(asked);
      expect(await runsOn()).toBe('cpu');
      const [peer] = await sightline.peers();
      expect(peer?.remoteRuns).toMatchObject({
        [conduct === 'hang' ? 'timeouts' : 'invalid']: expect.toSatisfy((n) => n > 0),
      });
      await client.close();
    });
  },
);

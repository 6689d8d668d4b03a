import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Box, Detections } from '../../protocol/detections.ts';
import { launchBrowser } from '../support/browser.ts';
import { cameraFile, hasFootage } from '../support/camera.ts';
import { eventually } from '../support/eventually.ts';
import { iou } from '../support/iou.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';
import { MAN_AT_WEBCAM } from '../support/truth.ts';
import { PageCall, type PageOffer, type ReturnedPicture } from './page-call.ts';

const MIRRORED: Box = { ...MAN_AT_WEBCAM, x: 1 - MAN_AT_WEBCAM.x - MAN_AT_WEBCAM.width };

describe.skipIf(!hasFootage)('offers that Chromium can make (skipped where there is no footage)', () => {
  let sightline: Sightline;
  let browser: Browser;
  let call: PageCall | undefined;

  beforeAll(async () => {
    [sightline, browser] = await Promise.all([
      startSightline(),
      cameraFile().then((camera) => launchBrowser({ camera })),
    ]);
  });
  afterEach(async () => {
    await call?.close();
    call = undefined;
    await eventually(
      () => sightline.peers(),
      ([peer]) => peer?.sessions === 0,
    );
  });
  afterAll(async () => {
    await browser?.close();
    await sightline?.close();
  });

  const start = async (offer: PageOffer): Promise<PageCall> => {
    call = await PageCall.start(await browser.newPage(), sightline.url, offer);
    return call;
  };
  /** Waits until a picture in a media section comes back that is as wanted. */
  const returned = (of: PageCall, width: number, height: number, mid = '0') =>
    eventually(
      () => of.returned(mid),
      (found) => found !== undefined && found.width === width && found.height === height,
    );

  it.each(['VP9', 'AV1'])('sends %s alone: gets results, and no picture back', async (codec) => {
    const made = await start({ codec: { mimeType: `video/${codec}` } });
    expect(overlapOf(await made.results(), MAN_AT_WEBCAM)).toBeGreaterThan(0.7);
    expect(await directions(made)).toEqual(['sendonly']);
    const { tracks } = await made.session();
    expect(tracks).toMatchObject([{ codec, framesOut: 0, packetsMalformed: 0 }]);
  });

  it.each([
    { mimeType: 'video/H264', parameters: 'packetization-mode=0' },
    { mimeType: 'video/H264', parameters: 'packetization-mode=1' },
    { mimeType: 'video/VP8', parameters: '' },
  ])('sends $mimeType $parameters alone: gets its picture back in it, annotated', async (codec) => {
    const made = await start({ codec });
    expect(overlapOf(await made.results(), MAN_AT_WEBCAM)).toBeGreaterThan(0.7);
    const { codec: taken } = await framesBack(made);
    expect(taken).toContain(codec.mimeType);
    expect(taken).toContain(codec.parameters);
    await expectBox(made, '0', MAN_AT_WEBCAM);
  });

  it('offers a simulcast of three layers: the largest comes, and comes back', async () => {
    const made = await start({
      layers: [{ rid: 'q', scaleResolutionDownBy: 4 }, { rid: 'h', scaleResolutionDownBy: 2 }, { rid: 'f' }],
    });
    await made.results();
    expect(await activeLayers(made)).toEqual(['f']);
    await returned(made, 640, 480);
    expect((await made.session()).tracks).toMatchObject([{ mid: '0', packetsMalformed: 0 }]);
  });

  it('sends two cameras: each comes back with its own results drawn on it', async () => {
    const made = await start({ mirrored: true });
    expect(overlapOf(await made.results('0'), MAN_AT_WEBCAM)).toBeGreaterThan(0.7);
    expect(overlapOf(await made.results('1'), MIRRORED)).toBeGreaterThan(0.7);
    await expectBox(made, '0', MAN_AT_WEBCAM);
    await expectBox(made, '1', MIRRORED);
  });

  it('changes the size and the orientation of the camera: the returned picture follows', async () => {
    const made = await start({});
    await returned(made, 640, 480);
    await made.page.evaluate(async () => {
      const [sender] = interopCall.pc.getSenders();
      await sender?.track?.applyConstraints({ width: 320, height: 240 });
    });
    await returned(made, 320, 240);
    await made.page.evaluate(async () => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [240, 320];
      const context = canvas.getContext('2d');
      setInterval(() => context?.fillRect(Math.random() * 200, Math.random() * 300, 9, 9), 50);
      const [track = null] = canvas.captureStream(20).getVideoTracks();
      await interopCall.pc.getSenders()[0]?.replaceTrack(track);
    });
    await returned(made, 240, 320);
    const newest = () => made.results().then((found) => found.at(-1));
    await eventually(newest, (result) => result?.width === 240 && result.height === 320);
    expect((await made.session()).tracks).toMatchObject([{ width: 240, height: 320 }]);
  });
});

/** Waits until some frames came back. */
async function framesBack(call: PageCall, mid = '0'): Promise<ReturnedPicture> {
  const found = await eventually(
    () => call.returned(mid),
    (picture) => (picture?.framesDecoded ?? 0) > 10,
  );
  if (!found) throw new Error('Expected a picture');
  return found;
}

/** Expects the left and the right edge of a box in a returned picture, and nothing between them. */
async function expectBox(call: PageCall, mid: string, { x, width }: Box): Promise<void> {
  const slack = 0.06;
  const edges = await eventually(
    () =>
      Promise.all(
        [x, x + width].map((edge) => call.green(mid, Math.max(0, edge - slack), Math.min(1, edge + slack))),
      ),
    (found) => found.every((count) => count > 200),
  );
  const middle = await call.green(mid, x + width * 0.4, x + width * 0.5);
  expect(middle).toBeLessThan(Math.min(...edges) / 4);
}

function directions({ page }: PageCall): Promise<(string | null)[]> {
  return page.evaluate(() => interopCall.pc.getTransceivers().map((found) => found.currentDirection));
}

/** The layers of a simulcast that the browser still sends. */
function activeLayers({ page }: PageCall): Promise<(string | undefined)[]> {
  return page.evaluate(() => {
    const [sender] = interopCall.pc.getSenders();
    return (
      sender
        ?.getParameters()
        .encodings.filter(({ active }) => active)
        .map(({ rid }) => rid) ?? []
    );
  });
}

/** How well the person of the last results is where the truth says. */
function overlapOf(results: readonly Detections[], truth: Box): number {
  const person = results.at(-1)?.objects.find(({ label }) => label === 'person');
  return person ? iou(person.box, truth) : 0;
}

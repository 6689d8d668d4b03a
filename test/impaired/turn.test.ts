import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { cameraFile, hasFootage } from '../support/camera.ts';
import { Coturn, hasCoturn } from '../support/coturn.ts';
import { eventually } from '../support/eventually.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';
import { WatchedPage } from '../support/watched-page.ts';

describe.skipIf(!hasFootage || !hasCoturn)(
  'a call over a TURN server alone (skipped where there is no coturn or no footage)',
  () => {
    let sightline: Sightline;
    let browser: Browser;
    let coturn: Coturn;
    beforeAll(async () => {
      coturn = await Coturn.start();
      sightline = await startSightline();
      browser = await launchBrowser({ camera: await cameraFile() });
    });
    afterAll(async () => {
      await browser?.close();
      await sightline?.close();
      await coturn?.close();
    });

    it('shows the annotated video and results, all of it relayed', async () => {
      const page = await WatchedPage.open(browser, sightline.url, {
        iceTransportPolicy: 'relay',
        iceServers: [coturn.iceServer()],
      });
      await page.start();
      await eventually(
        () => page.results(),
        (results) => results >= 10,
      );
      expect(await page.localCandidateType()).toBe('relay');
      expect((await page.inbound()).framesDecoded).toBeGreaterThan(5);
      expect(coturn.output()).toMatch(/ALLOCATE processed, success/);
      await page.close();
    });

    it('is refused with credentials that have run out', async () => {
      const page = await browser.newPage();
      await page.goto(sightline.url);
      const expired = coturn.iceServer({ seconds: -60 });
      const errors = await page.evaluate(async (iceServer) => {
        const pc = new RTCPeerConnection({ iceTransportPolicy: 'relay', iceServers: [iceServer] });
        const codes: number[] = [];
        pc.addEventListener('icecandidateerror', ({ errorCode }) => codes.push(errorCode));
        pc.createDataChannel('any');
        const gathered = new Promise<void>((resolve) => {
          pc.addEventListener('icegatheringstatechange', () => {
            if (pc.iceGatheringState === 'complete') resolve();
          });
        });
        await pc.setLocalDescription();
        await gathered;
        pc.close();
        return codes;
      }, expired);
      expect(errors).toContain(401);
      await page.close();
    });
  },
);

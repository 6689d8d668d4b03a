import { describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { readPageCall, startPageCall } from '../support/ice-page.ts';
import { startSightline } from '../support/sightline.ts';
import { hasTurnServer, startTurnServer } from '../support/turn-server.ts';

describe.skipIf(!hasTurnServer)('a call over TURN (skipped where there is no coturn)', () => {
  it('is relayed with the credentials of GET /ice-servers, and the server offers a relayed address too', async () => {
    const turn = await startTurnServer('north');
    const [browser, sightline] = await Promise.all([
      launchBrowser(),
      startSightline({
        SIGHTLINE_TURN_URLS: `turn:127.0.0.1:${turn.port}`,
        SIGHTLINE_TURN_SECRET: 'north',
        SIGHTLINE_MEDIA_RELAY: '1',
      }),
    ]);
    const page = await browser.newPage();
    await page.goto(`${sightline.url}/healthz`);
    const { iceServers } = await (await fetch(`${sightline.url}/ice-servers`)).json();
    await startPageCall(page, { iceServers, relayOnly: true });
    const { path } = await eventually(
      () => readPageCall(page),
      ({ framesDecoded }) => framesDecoded >= 5,
    );
    expect(path).toMatch(/^relay udp /);
    expect(await page.evaluate(() => globalThis.iceCall.answer)).toMatch(/ typ relay raddr 127\.0\.0\.1 /);
    await browser.close();
    await sightline.close();
    await turn.close();
  });
});

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {} from '../../client/page/debug.ts';
import { SDP_FRAGMENT_TYPE } from '../../protocol/ice.ts';
import { launchBrowser } from '../support/browser.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';

const PATIENCE_MS = 20_000;

/** A way to the server that can be cut: what comes goes on to the port of the server, and back. */
async function relayTo(port: number): Promise<{ port: number; close: () => void }> {
  const sockets: Socket[] = [createSocket('udp4'), createSocket('udp4')];
  const [near, far] = sockets as [Socket, Socket];
  let client: { address: string; port: number } | undefined;
  near.on('message', (packet, from) => {
    client = from;
    far.send(packet, port, '127.0.0.1');
  });
  far.on('message', (packet) => client && near.send(packet, client.port, client.address));
  near.bind(0, '0.0.0.0');
  far.bind(0, '127.0.0.1');
  await Promise.all(sockets.map((socket) => once(socket, 'listening')));
  return {
    port: near.address().port,
    close: () => {
      for (const socket of sockets) socket.close();
    },
  };
}

describe('a call of the page whose path is cut', () => {
  let sightline: Sightline;
  let browser: Browser;
  let page: Page;
  let relay: Awaited<ReturnType<typeof relayTo>>;
  const patches: { ifMatch: string | undefined; status: number }[] = [];

  beforeAll(async () => {
    [sightline, browser] = await Promise.all([startSightline(), launchBrowser()]);
    page = await browser.newPage();
    const withoutCandidates = (text: string | null) =>
      text?.replace(/a=candidate:.*?(\\r\\n|\r\n)/g, '') ?? '';
    await page.route('**/offer', async (route) => {
      const response = await route.fetch({ postData: withoutCandidates(route.request().postData()) });
      const answer = await response.json();
      const port = / 127\.0\.0\.1 (\d+) typ host/.exec(answer.sdp)?.[1];
      relay = await relayTo(Number(port));
      const sdp = answer.sdp.replaceAll(` 127.0.0.1 ${port} typ host`, ` 127.0.0.1 ${relay.port} typ host`);
      await route.fulfill({ response, json: { ...answer, sdp } });
    });
    await page.route('**/sessions/*', async (route) => {
      const request = route.request();
      if (request.method() !== 'PATCH') return route.continue();
      const response = await route.fetch({ postData: withoutCandidates(request.postData()) });
      patches.push({ ifMatch: request.headers()['if-match'], status: response.status() });
      return route.fulfill({ response });
    });
    await page.goto(`${sightline.url}/?debug`);
    await page.getByTestId('start').click();
  });
  afterAll(async () => {
    await browser?.close();
    await sightline?.close();
  });

  const results = () => page.evaluate(() => window.__sightline?.counters.results ?? 0);
  const moreThan = (count: number) =>
    page.waitForFunction((least) => (window.__sightline?.counters.results ?? 0) > least, count, {
      timeout: PATIENCE_MS,
    });

  it('goes on by another path after a restart of ICE', { timeout: 60_000 }, async () => {
    await moreThan(10);
    expect(patches.map(({ status }) => status)).toContain(204);
    relay.close();
    const restarted = page.waitForResponse(
      (response) =>
        response.request().method() === 'PATCH' &&
        response.status() === 200 &&
        (response.headers()['content-type'] ?? '').startsWith(SDP_FRAGMENT_TYPE),
      { timeout: PATIENCE_MS },
    );
    await restarted;
    expect(patches.at(-1)).toMatchObject({ ifMatch: '*' });
    await moreThan((await results()) + 10);
    expect(await page.evaluate(() => document.body.innerText)).not.toMatch(/blocks the video path/);
  });
});

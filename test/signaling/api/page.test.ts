import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '../../../signaling/api/operations/all.ts';
import { pageFiles } from '../../../signaling/api/page.ts';
import { launchBrowser } from '../../support/browser.ts';
import { expectProblem } from '../../support/problem.ts';
import { TestSignaling } from '../../support/signaling.ts';

describe('GET /docs/api', () => {
  let server: TestSignaling;
  let browser: Browser;

  beforeAll(async () => {
    server = await TestSignaling.start({ SIGHTLINE_KEY: 'secret' });
    await server.join();
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server[Symbol.asyncDispose]();
  });

  it('shows every operation to a browser, which may try them, breaks no policy and asks no other server', async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 1400 } });
    const complaints: string[] = [];
    const asked: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(new URL('/docs/api#/server/getModels', server.url).href);
    const models = page.locator('#operations-server-getModels');
    await models.getByRole('button', { name: 'Execute' }).waitFor();

    const shown = await page.locator('.opblock-summary-description').allTextContents();
    expect(shown.sort()).toEqual(operations.map(({ summary }) => summary).sort());

    await page.getByRole('button', { name: 'Authorize' }).click();
    await page.locator('.auth-container input').fill('secret');
    await page.locator('.auth-btn-wrapper .authorize').click();
    await page.locator('.auth-btn-wrapper .btn-done').click();
    const answered = page.waitForResponse((response) => response.url().endsWith('/models'));
    await models.getByRole('button', { name: 'Execute' }).click();
    expect((await answered).status()).toBe(200);

    expect(complaints).toEqual([]);
    expect(asked.filter((url) => !url.startsWith(server.url) && !url.startsWith('data:'))).toEqual([]);
    await page.close();
  });

  it.each(Object.keys(pageFiles))('serves %s, and not again to who has it', async (name) => {
    const first = await server.get(`/docs/api/${name}`);
    expect(first.status).toBe(200);
    expect((await first.arrayBuffer()).byteLength).toBeGreaterThan(100);
    const etag = first.headers.get('ETag');
    if (etag === null) return;
    const again = await server.get(`/docs/api/${name}`, {
      headers: { 'If-None-Match': etag, 'Cache-Control': 'max-age=0' },
    });
    expect(again.status).toBe(304);
  });

  it.each(['package.json', 'constructor', '..%2fpackage.json', 'absolute-path.js'])(
    'serves no other file: %s',
    async (name) => {
      await expectProblem(await server.get(`/docs/api/${name}`), 'not-found');
    },
  );
});

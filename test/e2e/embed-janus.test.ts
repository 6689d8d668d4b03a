import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { cameraFile, hasFootage } from '../support/camera.ts';
import { eventually } from '../support/eventually.ts';
import { ForeignSite } from '../support/foreign-site.ts';
import { hasJanus, Janus, janusDemos } from '../support/janus.ts';
import { greenBetween } from '../support/page-green.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';
import { MAN_AT_WEBCAM } from '../support/truth.ts';

const REMOTE = '#videoremote1 video';

describe.skipIf(!hasJanus || !hasFootage)(
  'embed.js in a room of Janus (skipped where there is no janus, janus-demos or footage)',
  () => {
    let janus: Janus;
    let site: ForeignSite;
    let sightline: Sightline;
    let browser: Browser;

    beforeAll(async () => {
      const room = readFileSync(join(janusDemos, 'videoroomtest.html'), 'utf8');
      // The packaged page expects both to be there
      const page = (script = '') =>
        room.replace('<head>', `<head><script>token = apisecret = null</script>${script}`);
      janus = await Janus.start();
      site = await ForeignSite.start(
        (path) =>
          ({
            '/plain': page(),
            '/embedded': page(`<script src="${sightline.url}/embed.js" data-default></script>`),
            '/settings.js': `var server = "${janus.url}"; var iceServers = [];`,
          })[path],
        janusDemos,
      );
      [sightline, browser] = await Promise.all([
        startSightline({ SIGHTLINE_CORS_ORIGIN: site.origin }),
        cameraFile().then((camera) => launchBrowser({ camera })),
      ]);
    });
    afterAll(async () => {
      await browser?.close();
      await Promise.all([sightline?.close(), site?.[Symbol.asyncDispose](), janus?.[Symbol.asyncDispose]()]);
    });

    /** Goes into the room as a person does. */
    const enter = async (path: string, name: string): Promise<Page> => {
      const page = await browser.newPage();
      await page.goto(site.origin + path);
      await page.click('#start');
      await page.fill('#username', name);
      await page.click('#register');
      return page;
    };

    it('shows the annotated picture to the others, and the plain one once the server is away', async () => {
      const annotated = await enter('/embedded', 'annotated');
      const other = await enter('/plain', 'other');
      const edge = MAN_AT_WEBCAM.x;
      const green = (page: Page) => greenBetween(page, REMOTE, edge - 0.06, edge + 0.06);
      const middle = (page: Page) => greenBetween(page, REMOTE, 0.45, 0.52);
      for (const page of [annotated, other]) {
        await page.waitForFunction((video) => {
          return (document.querySelector<HTMLVideoElement>(video)?.videoWidth ?? 0) > 0;
        }, REMOTE);
      }
      const seen = await eventually(
        () => green(other),
        (count) => count > 200,
      );
      expect(await middle(other)).toBeLessThan(seen / 4);
      expect(await green(annotated)).toBeLessThan(seen / 10);

      sightline.child.kill('SIGKILL');
      await eventually(
        () => green(other),
        (count) => count < seen / 4,
      );
      // Not a picture that stands still
      const time = await timeShown(other);
      await eventually(
        () => timeShown(other),
        (later) => later > time,
      );
    });
  },
);

/** Seconds of the other's video that were shown. */
function timeShown(page: Page): Promise<number> {
  return page.$eval(REMOTE, (video) => (video as HTMLVideoElement).currentTime);
}

// Takes the picture of the README: a real call, with a film as the camera, in a real browser.
// Usage: node scripts/screenshot.ts  (needs the footage folder that the tests use)
import { mkdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type {} from '../client/page/debug.ts';
import { launchBrowser } from '../test/support/browser.ts';
import { cameraFile } from '../test/support/camera.ts';
import { startSightline } from '../test/support/sightline.ts';

const folder = fileURLToPath(new URL('../docs/pictures', import.meta.url));
mkdirSync(folder, { recursive: true });
const sightline = await startSightline();
const film = await cameraFile('asl_help.mkv');
// The browser names the camera after its file, as it is given; the picture shall not show where that lies.
process.chdir(dirname(film));
const browser = await launchBrowser({ camera: basename(film) });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 760 }, colorScheme: 'dark' });
  await page.goto(`${sightline.url}/?debug`);
  await page.getByTestId('start').click();
  await page.waitForFunction(() => (window.__sightline?.counters.results ?? 0) > 60);
  await page.screenshot({ path: `${folder}/call.png` });
  console.log('docs/pictures/call.png');
} finally {
  await browser.close();
  await sightline.close();
}

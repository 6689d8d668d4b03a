import { launchBrowser } from '../../test/support/browser.ts';

const WIDTH = 640;
const HEIGHT = 480;

/** A noticeboard: print of several sizes, faces and colours, some of it askew. */
const PAGE = `<!doctype html>
<style>
  body { margin: 0; background: #b98d5c; color: #222; }
  section { position: absolute; padding: 26px 22px 12px; background: #fffbe8; box-shadow: 2px 3px 8px #0008; }
  h1, p { margin: 0; white-space: nowrap; }
  h1 { font-size: 32px; line-height: 60px; }
  p { font-size: 20px; line-height: 48px; }
  #platform p { font-size: 24px; font-weight: bold; }
  #platform { left: 24px; top: 22px; background: #12355b; color: #fff; font-family: sans-serif; }
  #menu { left: 34px; top: 218px; font-family: serif; rotate: -2deg; }
  #lost p { font-size: 24px; line-height: 54px; font-weight: bold; }
  #lost { left: 370px; top: 160px; background: #fff; color: #b3123f; font-family: sans-serif; rotate: 1.5deg; }
</style>
<section id="platform"><h1>Platform 4</h1><p>Night train to Vienna 22:47</p></section>
<section id="menu"><h1>Lunch today</h1><p>Tomato soup 4.20</p><p>Lentils and rice 7.80</p></section>
<section id="lost"><h1>LOST</h1><p>One grey cat</p><p>Shy</p></section>`;

/** Draws a page for a model to read, as PNG. @throws where there is no Chromium */
export async function drawPageOfText(path: string): Promise<void> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT } });
    await page.setContent(PAGE);
    await page.screenshot({ path });
  } finally {
    await browser.close();
  }
}

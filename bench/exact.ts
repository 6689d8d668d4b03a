import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import type { Output } from '../protocol/session.ts';
import type { Sync } from '../protocol/tasks.ts';
import { launchBrowser } from '../test/support/browser.ts';
import { lapFilm } from '../test/support/exact/lap-film.ts';
import { type OverlayErrors, overlayErrors, shareExact } from '../test/support/exact/overlay-error.ts';
import { readFrames, takeFrames } from '../test/support/exact/read-call.ts';
import type { Impairment } from '../test/support/link/impairment.ts';
import { LinkedCall } from '../test/support/linked-call.ts';
import { startSightline } from '../test/support/sightline.ts';
import { quantile } from './numbers.ts';
import { atLeast, atMost, type Figure, plain, report } from './report.ts';

/** What results may be drawn on, and who draws them. */
const ways: readonly { readonly name: string; readonly output: Output; readonly sync: Sync }[] = [
  { name: 'exact, drawn by the server', output: 'annotated', sync: 'exact' },
  { name: 'exact, drawn by the page', output: 'passthrough', sync: 'exact' },
  { name: 'live, drawn by the server', output: 'annotated', sync: 'live' },
  { name: 'live, drawn by the page', output: 'passthrough', sync: 'live' },
];

const links: readonly { readonly name: string; readonly impairment: Impairment }[] = [
  { name: 'clean', impairment: {} },
  { name: '2 % loss, 50 ± 50 ms each way', impairment: { loss: 0.02, delay: 50, jitter: 50 } },
];

/** A call is given this long to find its rate, and the page how long frames have to wait. */
const SETTLE_MS = 6000;

/**
 * Which frame the box is of that is on a frame, told by a number in the picture and by where a box is on a man who moves
 * by 12 pixels a frame: in the call page in a real Chromium, over clean and bad networks.
 */
export async function benchExact(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { seconds: { type: 'string', default: '45' } } });
  const sightline = await startSightline();
  const browser = await launchBrowser({ camera: await lapFilm() });
  try {
    const figures: Figure[] = [];
    for (const link of links) {
      for (const way of ways) {
        const errors = await measure(browser, sightline.url, way, link.impairment, Number(values.seconds));
        figures.push(...figuresOf(`${way.name}, ${link.name}`, way.sync, errors));
      }
    }
    report('exact', figures);
  } finally {
    await browser.close();
    await sightline.close();
  }
}

async function measure(
  browser: Browser,
  url: string,
  { output, sync }: { readonly output: Output; readonly sync: Sync },
  impairment: Impairment,
  seconds: number,
): Promise<OverlayErrors> {
  await using call = await LinkedCall.start(browser, url);
  const { page } = call.page;
  await page.getByTestId('output').selectOption(output);
  await page.getByTestId('sync').selectOption(sync);
  await readFrames(page);
  for (const direction of ['up', 'down'] as const) await call.link.set(direction, impairment);
  await delay(SETTLE_MS);
  await takeFrames(page);
  await delay(seconds * 1000);
  return overlayErrors(await takeFrames(page));
}

function figuresOf(name: string, sync: Sync, errors: OverlayErrors): Figure[] {
  const { numbered, lags, straightLags } = errors;
  const exact = shareExact(errors) * 100;
  const lag = quantile(straightLags, 0.5);
  return [
    plain(`${name}: frames, of them with a box`, `${numbered}, ${lags.length}`),
    sync === 'exact'
      ? atLeast(`${name}: boxes of the very frame`, exact, '%', 99.9)
      : plain(`${name}: boxes nearest to the very frame`, exact, '%'),
    ...(sync === 'live'
      ? [
          atMost(`${name}: lag of the box, median`, lag, 'frames', 1),
          plain(`${name}: lag of the box, p95`, quantile(straightLags, 0.95), 'frames'),
        ]
      : []),
  ];
}

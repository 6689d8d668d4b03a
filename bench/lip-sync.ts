import { parseArgs } from 'node:util';
import { launchBrowser } from '../test/support/browser.ts';
import { measureLipSync } from '../test/support/lip-sync/measure.ts';
import type { LipSyncSample } from '../test/support/lip-sync/probe.ts';
import { startSightline } from '../test/support/sightline.ts';
import { quantile } from './numbers.ts';
import { atMost, type Figure, plain, report } from './report.ts';

/** What a viewer does not notice (ITU-R BT.1359). */
const TARGET_MS = 45;
/** Browsers align streams by sender reports, of which the first on sound come after some seconds. */
const SETTLED_MS = 8000;

/** Flashes and beeps from a real Chromium, timed as they come back: through the server, and from itself in turn. */
export async function benchLipSync(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { seconds: { type: 'string', default: '60' } } });
  const seconds = Number(values.seconds);
  await using sightline = {
    ...(await startSightline()),
    async [Symbol.asyncDispose]() {
      await this.close();
    },
  };
  const browser = await launchBrowser();
  try {
    const { url } = sightline;
    const floor = await measureLipSync(browser, url, { seconds });
    const server = await measureLipSync(browser, url, { server: url, seconds });
    const large = await measureLipSync(browser, url, { server: url, seconds, width: 1280, height: 720 });
    report('lip-sync', [
      ...figures('640×480 without a server', floor.samples, plain),
      ...figures('640×480', server.samples, target),
      ...figures('1280×720', large.samples, target),
    ]);
  } finally {
    await browser.close();
  }
}

type MakeFigure = (name: string, value: number, unit: string) => Figure;

const target: MakeFigure = (name, value, unit) => atMost(name, value, unit, TARGET_MS);

function figures(what: string, samples: readonly LipSyncSample[], judged: MakeFigure): Figure[] {
  const settled = samples.filter(({ at }) => at > SETTLED_MS);
  const lag = settled.map(({ video, audio }) => video - audio);
  const distance = lag.map(Math.abs);
  const errors = settled.flatMap(({ video, audio, believed }) =>
    believed === null ? [] : [Math.abs(video - audio - believed)],
  );
  return [
    judged(`${what}: distance of picture and sound, p50`, quantile(distance, 0.5), 'ms'),
    judged(`${what}: distance of picture and sound, p95`, quantile(distance, 0.95), 'ms'),
    plain(`${what}: picture behind sound, p50`, quantile(lag, 0.5), 'ms'),
    plain(`${what}: what the browser believes is off by, p50`, quantile(errors, 0.5), 'ms'),
    plain(`${what}: beats measured`, settled.length),
  ];
}

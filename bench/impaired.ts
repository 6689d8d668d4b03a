import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import type {} from '../client/page/debug.ts';
import type { CallStats } from '../client/sdk/call-stats.ts';
import { launchBrowser } from '../test/support/browser.ts';
import { cameraFile } from '../test/support/camera.ts';
import type { Direction } from '../test/support/link/commands.ts';
import type { Impairment } from '../test/support/link/impairment.ts';
import { type LinkWindow, WINDOW_MS } from '../test/support/link/link-stats.ts';
import { LinkedCall } from '../test/support/linked-call.ts';
import { startSightline } from '../test/support/sightline.ts';
import { longestFreeze, presentedPerSecond } from '../test/support/watched-page.ts';
import { atLeast, atMost, type Figure, median, plain, report } from './report.ts';

/** A call is given this long to find its rate. */
const RAMP_MS = 10_000;
const OUTAGE_MS = 2000;
const WIDE = 3_000_000;
const NARROW = 300_000;
const NARROW_MS = 20_000;
/** How long the rate may take to come back before it is given up. */
const RETURN_MS = 30_000;
/** Deep enough to show what a sender that does not slow down would do. */
const QUEUE_MS = 1000;

const now = () => performance.timeOrigin + performance.now();

/** Calls in a real Chromium over emulated bad networks: how smooth they stay, and how soon they come back. */
export async function benchImpaired(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string', default: '60' },
      outages: { type: 'string', default: '3' },
      'max-bitrate': { type: 'string', default: '2500000' },
    },
  });
  const sightline = await startSightline({ SIGHTLINE_MAX_BITRATE: values['max-bitrate'] });
  const browser = await launchBrowser({ camera: await cameraFile() });
  try {
    const place = { browser, url: sightline.url };
    const lossy = await overLoss(place, Number(values.seconds));
    const outages = await overOutages(place, Number(values.outages));
    const down = await overBandwidth(place, 'down');
    const up = await overBandwidth(place, 'up');
    report('impaired', [...lossy, ...outages, ...down.figures, ...up.figures], {
      windowMs: WINDOW_MS,
      down: down.windows,
      up: up.windows,
    });
  } finally {
    await browser.close();
    await sightline.close();
  }
}

interface Place {
  readonly browser: Browser;
  readonly url: string;
}

function begin({ browser, url }: Place, impairment: Impairment): Promise<LinkedCall> {
  return LinkedCall.start(browser, url, { up: impairment, down: impairment });
}

async function overLoss(place: Place, seconds: number): Promise<Figure[]> {
  await using call = await begin(place, {});
  for (const direction of ['up', 'down'] as const) {
    await call.link.set(direction, { loss: 0.02, delay: 50, jitter: 20, rate: 1_000_000 });
  }
  await delay(RAMP_MS);
  const from = now();
  const [results, inbound] = [await call.page.results(), await call.page.inbound()];
  const rates: CallStats[] = [];
  while (now() < from + seconds * 1000) {
    await delay(1000);
    const stats = await call.page.page.evaluate(() => window.__sightline?.call?.stats());
    if (stats) rates.push(stats);
  }
  const to = now();
  const after = await call.page.inbound();
  const shown = (await call.page.shownSince(from)).filter(({ at }) => at <= to);
  const over = (to - from) / 1000;
  const { down } = await call.link.stats();
  const name = (what: string) => `2 % loss, 50 ± 20 ms, 1 Mbit/s each way: ${what}`;
  return [
    atLeast(name('frames presented'), presentedPerSecond(shown), 'frames/s', 24),
    plain(name('frames decoded'), (after.framesDecoded - inbound.framesDecoded) / over, 'frames/s'),
    atMost(name('longest freeze'), longestFreeze(shown, from, to), 'ms', 500),
    plain(name('freezes that the browser counted'), after.freezeCount - inbound.freezeCount),
    plain(name('results'), ((await call.page.results()) - results) / over, '/s'),
    plain(name('round trip, median'), median(rates.map(({ roundTripMs }) => roundTripMs ?? 0)), 'ms'),
    plain(name('received, median second'), median(rates.map((rate) => rate.in.kbitPerSecond)), 'kbit/s'),
    plain(name('sent, median second'), median(rates.map((rate) => rate.out.kbitPerSecond)), 'kbit/s'),
    plain(name('packets from the server that found the queue full'), down.dropped.queue),
  ];
}

async function overOutages(place: Place, outages: number): Promise<Figure[]> {
  await using call = await begin(place, { delay: 25, rate: WIDE });
  const times: number[] = [];
  for (let i = 0; i < outages; i++) {
    await delay(RAMP_MS / 2);
    const { to } = await call.link.outage(OUTAGE_MS);
    times.push((await call.page.firstShownAfter(to)).at - to);
  }
  return [
    atMost('outage of 2 s: its end → first new frame shown, median', median(times), 'ms', 1000),
    plain('outage of 2 s: its end → first new frame shown, worst', Math.max(...times), 'ms'),
  ];
}

/** The rate of one direction falls to a tenth, and comes back. */
async function overBandwidth(place: Place, direction: Direction) {
  await using call = await begin(place, { delay: 25, rate: WIDE, queueMs: QUEUE_MS });
  const windows = async () => (await call.link.stats())[direction].windows;
  await delay(2 * RAMP_MS);
  const before = bitsPerSecond((await windows()).slice(-10));

  const fellAt = now();
  await call.link.set(direction, { rate: NARROW });
  await delay(NARROW_MS);
  const narrow = (await windows()).filter(({ startedAt }) => startedAt >= fellAt + 3000);
  const shown = await call.page.shownSince(fellAt + 3000);

  const backAt = now();
  await call.link.set(direction, { rate: WIDE });
  await delay(RETURN_MS);
  const all = await windows();
  const name = (what: string) => `3 Mbit/s → 300 kbit/s → 3 Mbit/s ${direction}: ${what}`;
  const figures = [
    plain(name('carried before'), before / 1000, 'kbit/s'),
    atMost(name('queue from 3 s after the fall, highest p95 of half a second'), peak(narrow), 'ms', 300),
    plain(name('queue from 3 s after the fall, median'), median(narrow.map((w) => w.queueMs.p50)), 'ms'),
    plain(name('frames presented from 3 s after the fall'), presentedPerSecond(shown), 'frames/s'),
    atMost(name('its return → carrying 90 % of before'), returned(all, backAt, before * 0.9), 's', 15),
  ];
  return { figures, windows: all.map((w) => ({ ...w, startedAt: w.startedAt - fellAt })) };
}

function bitsPerSecond(windows: readonly LinkWindow[]): number {
  return (windows.reduce((sum, { bytesOut }) => sum + bytesOut * 8, 0) / windows.length / WINDOW_MS) * 1000;
}

function peak(windows: readonly LinkWindow[]): number {
  return Math.max(...windows.map(({ queueMs }) => queueMs.p95));
}

/** Seconds until two seconds on end carried so much; Infinity where none did. */
function returned(windows: readonly LinkWindow[], backAt: number, wanted: number): number {
  const after = windows.filter(({ startedAt }) => startedAt >= backAt);
  const length = 2000 / WINDOW_MS;
  for (let end = length; end <= after.length; end++) {
    if (bitsPerSecond(after.slice(end - length, end)) >= wanted) return (end * WINDOW_MS) / 1000;
  }
  return Number.POSITIVE_INFINITY;
}

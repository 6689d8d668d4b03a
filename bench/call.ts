import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { CallStats } from '../client/sdk/call-stats.ts';
import type { SessionDescription } from '../protocol/session.ts';
import { launchBrowser } from '../test/support/browser.ts';
import { cameraFile } from '../test/support/camera.ts';
import { eventually } from '../test/support/eventually.ts';
import { type PeerHealth, type Sightline, startSightline } from '../test/support/sightline.ts';
import { CallPage, type SetUpTimes } from './call-page.ts';
import { atLeast, atMost, type Figure, median, plain, report } from './report.ts';

/** The camera is given this long to reach its full rate. */
const RAMP_MS = 5000;
/** Sessions after which memory is taken as settled. */
const SETTLED = 20;
/** Milliseconds that the event loop may be late, at the 99th percentile of a second. */
const MAX_LOOP_DELAY_MS = 10;

/** One call in a real Chromium, 640×480 at 30 frames a second: how smooth, how fast, how clean it ends. */
export async function benchCall(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { seconds: { type: 'string', default: '20' }, sessions: { type: 'string', default: '200' } },
  });
  await using sightline = {
    ...(await startSightline()),
    async [Symbol.asyncDispose]() {
      await this.close();
    },
  };
  const browser = await launchBrowser({ camera: await cameraFile() });
  try {
    const call = await CallPage.open(browser, sightline.url);
    const unused = await settled(sightline);
    const figures = [
      ...(await steady(sightline, call, Number(values.seconds))),
      ...(await setUpTimes(call)),
      ...(await manySessions(sightline, call, Number(values.sessions), unused)),
    ];
    report('call', figures);
  } finally {
    await browser.close();
  }
}

async function steady(sightline: Sightline, call: CallPage, seconds: number): Promise<Figure[]> {
  await call.start();
  await delay(RAMP_MS);
  const started = performance.now();
  const before = await call.counts();
  const health: PeerHealth[] = [];
  const rates: CallStats[] = [];
  for (let second = 0; second < seconds; second++) {
    await delay(1000);
    rates.push(await call.stats());
    health.push(...(await sightline.peers()));
  }
  const after = await call.counts();
  const over = (performance.now() - started) / 1000;
  const session = await describe(sightline, await call.sessionId());
  await call.stop();
  const track = session.tracks[0];
  if (!track) throw new Error('Expected the session to have a track');
  const sent = rates.map(({ out }) => out.kbitPerSecond / 1000);
  const limits = [...new Set(rates.map(({ qualityLimitation }) => qualityLimitation ?? 'unknown'))];
  const step = (name: string) => track.timings[name]?.p50 ?? Number.NaN;
  return [
    plain('model', session.model),
    plain('codec', `${track.codec} ${track.width}×${track.height}`),
    atLeast('returned video, median second', median(rates.map((rate) => rate.in.fps)), 'frames/s', 28),
    plain(
      'returned video, frames that the headless browser painted',
      (after.frames - before.frames) / over,
      'frames/s',
    ),
    atLeast('results', (after.results - before.results) / over, '/s', 10),
    atLeast('sent by the browser from 5 s on, median second', median(sent), 'Mbit/s', 1.2),
    plain('sent by the browser in the sixth second', sent[0] ?? Number.NaN, 'Mbit/s'),
    {
      name: 'limited by',
      value: limits.join(', '),
      unit: '',
      target: 'not bandwidth',
      met: !limits.includes('bandwidth'),
    },
    atMost('last packet in → first packet out, p50', step('total'), 'ms', 15),
    plain('last packet in → first packet out, p95', track.timings['total']?.p95 ?? Number.NaN, 'ms'),
    ...['decode', 'compose', 'encode', 'wait', 'infer'].map((name) =>
      plain(`${name}, p50`, step(name), 'ms'),
    ),
    ...loopDelays(health.map(({ eventLoopDelayP99 }) => eventLoopDelayP99)),
    plain('media peer, share of a core', median(health.map((h) => h.cpu))),
  ];
}

/** @param p99s of each second, milliseconds */
function loopDelays(p99s: readonly number[]): Figure[] {
  const late = p99s.filter((p99) => p99 > MAX_LOOP_DELAY_MS).length;
  return [
    atMost('event-loop delay, p99 of the median second', median(p99s), 'ms', MAX_LOOP_DELAY_MS),
    plain('event-loop delay, p99 of the worst second', Math.max(...p99s), 'ms'),
    plain(`seconds with a p99 above ${MAX_LOOP_DELAY_MS} ms`, (late / p99s.length) * 100, '%'),
  ];
}

async function setUpTimes(call: CallPage): Promise<Figure[]> {
  const times: SetUpTimes[] = [];
  for (let i = 0; i < 9; i++) {
    times.push(await call.startTimed());
    await call.stop();
  }
  const annotated = times.map((time) => time.annotated);
  return [
    plain('POST /offer → first frame shown, median of 9', median(times.map(({ first }) => first)), 'ms'),
    atMost('POST /offer → first annotated frame shown, median of 9', median(annotated), 'ms', 500),
    plain('POST /offer → first annotated frame shown, worst of 9', Math.max(...annotated), 'ms'),
  ];
}

/** @param unused the media peer before its first session */
async function manySessions(
  sightline: Sightline,
  call: CallPage,
  sessions: number,
  unused: PeerHealth,
): Promise<Figure[]> {
  let before = unused;
  for (let i = 1; i <= sessions; i++) {
    await call.start();
    await call.stop();
    if (i % SETTLED !== 0) continue;
    const now = await settled(sightline);
    if (i === SETTLED) before = now;
    console.log(`after ${i} sessions: ${memoryOf(now)}`);
  }
  const after = await settled(sightline);
  const growth = (after.residentMemory / before.residentMemory - 1) * 100;
  return [
    plain(`memory after ${SETTLED} sessions`, before.residentMemory / 2 ** 20, 'MiB'),
    plain(`memory after ${sessions} sessions`, after.residentMemory / 2 ** 20, 'MiB'),
    atMost('growth of memory', growth, '%', 5),
    atMost('native objects left', after.natives, '', 0),
    atMost(`timers and sockets more than after ${SETTLED} sessions`, after.handles - before.handles, '', 0),
    atMost('timers and sockets more than before the first session', after.handles - unused.handles, '', 0),
  ];
}

function memoryOf({ residentMemory, handles }: PeerHealth): string {
  return `${(residentMemory / 2 ** 20).toFixed(0)} MiB, ${handles} handles`;
}

/** The media peer after two of its reports without a session, so that what was freed is seen as freed. */
async function settled(sightline: Sightline): Promise<PeerHealth> {
  const idle = () =>
    eventually(
      () => sightline.peers(),
      (peers) => peers.every((peer) => peer.sessions === 0 && peer.natives === 0),
    );
  await idle();
  await delay(2500);
  const [peer] = await idle();
  if (!peer) throw new Error('Expected a media peer');
  return peer;
}

async function describe(sightline: Sightline, sessionId: string): Promise<SessionDescription> {
  const response = await fetch(`${sightline.url}/sessions/${sessionId}`);
  if (!response.ok) throw new Error(`GET /sessions/:id answered ${response.status}`);
  return (await response.json()) as SessionDescription;
}

import type { Detections } from '../../protocol/detections.ts';
import type { Call } from '../sdk/call.ts';
import type { CallStats } from '../sdk/call-stats.ts';
import type { Server } from '../sdk/server.ts';
import type { Caller } from './caller.ts';
import { delayMs, serverMs } from './delay.ts';
import { element } from './elements.ts';
import {
  bitrate,
  format,
  frames,
  limitation,
  milliseconds,
  NONE,
  perSecond,
  serverCodec,
} from './figure-words.ts';
import type { FrameMeter } from './frame-meter.ts';
import type { Overlay } from './overlay.ts';
import { Rate } from './rate.ts';
import type { Settings } from './settings.ts';
import { sparkline } from './sparkline.ts';
import { StepAverages, steps } from './step-averages.ts';

/** Milliseconds between two renewals. */
const EVERY_MS = 1_000;
const CURVE = { width: 240, height: 36, slots: 90 };
/** Milliseconds that a full bar, and the height of the curve, stand for at least. */
const FULL_BAR_MS = 50;

/** What watches the frames that are shown. */
interface Shown {
  meter: FrameMeter;
  overlay: Pick<Overlay, 'framesOff'>;
  settings: Settings;
}

/** The live figures: rates, the path, and the time of each step on the server. */
export class FiguresPanel {
  readonly #curve = element('curve', SVGPolylineElement);
  readonly #averages = new StepAverages(CURVE.slots);
  readonly #results = new Rate(3_000);
  readonly #meter: FrameMeter;
  readonly #overlay: Pick<Overlay, 'framesOff'>;
  readonly #settings: Settings;

  /** @param server asked at each call, because the key may have come meanwhile */
  constructor(caller: Caller, { meter, overlay, settings }: Shown, server: () => Server) {
    this.#meter = meter;
    this.#overlay = overlay;
    this.#settings = settings;
    let timer: ReturnType<typeof setInterval> | undefined;
    caller.on('call', (call) => {
      clearInterval(timer);
      this.#clear();
      if (!call) return;
      const codec = server().codec(call.sessionId);
      void codec.then((info) => set('server-codec', serverCodec(info)));
      call.on('detections', (detections) => this.#take(detections));
      timer = setInterval(() => void this.#show(call), EVERY_MS);
    });
  }

  #take({ timings }: Detections): void {
    this.#averages.push(timings);
    this.#results.hit(performance.now());
  }

  async #show(call: Call): Promise<void> {
    const stats = await call.stats();
    if (call.standing.state === 'closed' || call.standing.state === 'failed') return;
    this.#showRates(stats);
    this.#showSteps();
  }

  #showRates(stats: CallStats): void {
    const now = performance.now();
    set('fps', perSecond(this.#meter.perSecond(now)));
    set('results', perSecond(this.#results.perSecond(now)));
    const onServer = serverMs(this.#settings.choices, (step) => this.#averages.mean(step));
    set('server', milliseconds(onServer));
    set('delay', milliseconds(delayMs(stats, onServer)));
    set('round-trip', milliseconds(stats.roundTripMs));
    set('buffered', milliseconds(stats.bufferedMs));
    set('sent-fps', perSecond(stats.out.fps));
    set('sent-rate', bitrate(stats.out.kbitPerSecond));
    set('sent-format', format(stats.out));
    set('returned-rate', bitrate(stats.in.kbitPerSecond));
    set('returned-format', format(stats.in));
    set('limited', limitation(stats));
    set('overlay-off', frames(this.#overlay.framesOff));
    set('lost', stats.overMs > 0 ? `${(stats.lossIn * 100).toFixed(1)} %` : NONE);
  }

  #showSteps(): void {
    const longest = Math.max(FULL_BAR_MS, this.#averages.mean('total') ?? 0);
    for (const step of steps) {
      const mean = this.#averages.mean(step);
      set(`step-${step}`, milliseconds(mean));
      const bar = document.getElementById(`bar-${step}`);
      bar?.style.setProperty('--part', ((mean ?? 0) / longest).toFixed(3));
    }
    this.#curve.setAttribute('points', sparkline(this.#averages.totals, CURVE, FULL_BAR_MS));
  }

  #clear(): void {
    this.#averages.clear();
    this.#results.clear();
    for (const figure of document.querySelectorAll<HTMLElement>('[data-figure]')) {
      set(figure.dataset['figure'] ?? '', NONE);
    }
    this.#showSteps();
  }
}

function set(figure: string, value: string): void {
  const found = document.querySelector(`[data-figure="${figure}"]`);
  if (!found) return;
  found.textContent = value;
  found.toggleAttribute('data-empty', value === NONE);
}

import type { Browser, Page } from 'playwright-core';
import type {} from '../../client/page/debug.ts';

/** A frame that the browser showed. */
export interface ShownFrame {
  /** Unix milliseconds. */
  readonly at: number;
  /** Frames that were given to be shown since the call began; the screen may skip some of them. */
  readonly presented: number;
}

/** What `getStats()` says of the annotated track, as far as tests look at it. Source: W3C webrtc-stats. */
export interface InboundVideo {
  /** Unix milliseconds. */
  readonly timestamp: number;
  readonly framesDecoded: number;
  readonly bytesReceived: number;
  readonly freezeCount: number;
  readonly nackCount: number;
  readonly pliCount: number;
}

interface Watch {
  readonly connections: RTCPeerConnection[];
  readonly shown: ShownFrame[];
}

declare global {
  interface Window {
    __watch?: Watch;
  }
}

/** The call page with `?debug`, which also keeps its connections and when each annotated frame was shown. */
export class WatchedPage {
  readonly page: Page;

  /** @param rtc settings put over those that the page gives its connections, such as `iceTransportPolicy` */
  static async open(browser: Browser, url: string, rtc: RTCConfiguration = {}): Promise<WatchedPage> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.addInitScript(watch, rtc);
    await page.goto(`${url}/?debug`);
    return new WatchedPage(page);
  }

  private constructor(page: Page) {
    this.page = page;
  }

  /** Starts a call and waits for the first annotated frames. */
  async start(): Promise<void> {
    await this.page.getByTestId('start').click();
    await this.page.waitForFunction(() => (window.__watch?.shown.length ?? 0) > 5);
  }

  /** Every frame that was shown from a time on, oldest first. */
  shownSince(unixMs: number): Promise<ShownFrame[]> {
    return this.page.evaluate((since) => window.__watch?.shown.filter(({ at }) => at >= since) ?? [], unixMs);
  }

  /** The first frame that is shown after a time. */
  async firstShownAfter(unixMs: number, timeoutMs = 30_000): Promise<ShownFrame> {
    const found = await this.page.waitForFunction(
      (since) => window.__watch?.shown.find(({ at }) => at > since),
      unixMs,
      { timeout: timeoutMs },
    );
    const frame = await found.jsonValue();
    if (!frame) throw new Error('Expected a frame');
    return frame;
  }

  async inbound(): Promise<InboundVideo> {
    const [video] = await this.#stats<InboundVideo & { kind: string }>('inbound-rtp');
    if (!video) throw new Error('Expected the statistics to tell of a video that is received');
    return video;
  }

  /** The kind of path that the call took, at this end: `host`, `prflx`, `relay`, … */
  async localCandidateType(): Promise<string> {
    const pairs = await this.#stats<{ id: string; localCandidateId: string }>('candidate-pair');
    const [transport] = await this.#stats<{ selectedCandidatePairId: string }>('transport');
    const pair = pairs.find(({ id }) => id === transport?.selectedCandidatePairId);
    const candidates = await this.#stats<{ id: string; candidateType: string }>('local-candidate');
    return candidates.find(({ id }) => id === pair?.localCandidateId)?.candidateType ?? 'none';
  }

  #stats<Entry>(type: string): Promise<Entry[]> {
    return this.page.evaluate(async (wanted) => {
      const report = await window.__watch?.connections.at(-1)?.getStats();
      return [...(report?.values() ?? [])].filter(
        ({ type: found, kind }) => found === wanted && (kind === undefined || kind === 'video'),
      );
    }, type);
  }

  results(): Promise<number> {
    return this.page.evaluate(() => window.__sightline?.counters.results ?? 0);
  }

  close(): Promise<void> {
    return this.page.close();
  }
}

/** Frames presented a second, from the first of some shown frames to the last. */
export function presentedPerSecond(shown: readonly ShownFrame[]): number {
  const [first, last] = [shown[0], shown.at(-1)];
  if (!first || !last || last === first) return 0;
  return ((last.presented - first.presented) * 1000) / (last.at - first.at);
}

/** The longest time in milliseconds that nothing new was shown, between two times. */
export function longestFreeze(shown: readonly ShownFrame[], from: number, to: number): number {
  const times = [from, ...shown.map(({ at }) => at), to];
  return Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? at)));
}

/** Runs in the page, before its own scripts. */
function watch(rtc: RTCConfiguration): void {
  const kept: Watch = { connections: [], shown: [] };
  window.__watch = kept;
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super({ ...configuration, ...rtc });
      kept.connections.push(this);
    }
  };
  document.addEventListener('DOMContentLoaded', () => {
    const video = document.querySelector<HTMLVideoElement>('[data-testid=annotated]');
    const look = (now: number, { presentedFrames }: VideoFrameCallbackMetadata) => {
      kept.shown.push({ at: performance.timeOrigin + now, presented: presentedFrames });
      video?.requestVideoFrameCallback(look);
    };
    video?.requestVideoFrameCallback(look);
  });
}

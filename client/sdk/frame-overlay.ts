import type { Detections } from '../../protocol/detections.ts';
import type { CurrentSettings } from '../../protocol/session.ts';
import { drawResult } from './draw-result.ts';
import { OverlaySync } from './overlay-sync.ts';
import { isOwn, type Match, ResultHistory } from './result-history.ts';
import { takeShownFrame } from './shown-frame.ts';

/** Shares of the results that frames wait for. */
const WAIT_FOR = { live: 0.9, exact: 0.99 };
/** RTP ticks after which a picture that waits for a result is shown without one. */
const LONGEST_STILL = 90_000;

/** What of a session's settings decides how results come to be on the picture. */
export type OverlaySettings = Pick<CurrentSettings, 'output' | 'sync'>;

/**
 * Draws the camera's own picture (`passthrough`) and its results, both on one canvas over the video, so that they are
 * never a frame apart. In `live` each frame has the nearest results; in `exact` only frames with a result of their own
 * are drawn, as the server does it. Where the server draws, it only measures.
 */
export class FrameOverlay {
  readonly #video: HTMLVideoElement;
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D | null;
  readonly #history = new ResultHistory();
  #sync = new OverlaySync();
  #settings: OverlaySettings = { output: 'data', sync: 'live' };
  /** RTP ticks of the frame that was drawn last. */
  #drawn: number | undefined;

  /** @param canvas lies over the video; hidden while there is nothing of ours on it */
  constructor(video: HTMLVideoElement, canvas: HTMLCanvasElement) {
    this.#video = video;
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d', { alpha: false });
    canvas.hidden = true;
  }

  /** A call begins, its settings change, or it is over (`data`). What was drawn under other settings does not stay. */
  begin({ output, sync }: OverlaySettings): void {
    if (output === this.#settings.output && sync === this.#settings.sync) return;
    this.#settings = { output, sync };
    this.#sync = new OverlaySync();
    this.#history.clear();
    this.#drawn = undefined;
    this.#canvas.hidden = true;
  }

  /**
   * The median distance between what is drawn and the frame that it is drawn on, in frames; null where it is not known.
   * In `live` the server carries its results on by as much.
   */
  get framesOff(): number | null {
    return this.#sync.framesOff;
  }

  /** How long frames should wait in the browser, so that their results are there; null for no longer than they need to. */
  get waitMs(): number | null {
    const { output, sync } = this.#settings;
    return output === 'passthrough' ? this.#sync.waitMs(WAIT_FOR[sync]) : null;
  }

  /** A result came. */
  result(detections: Detections, nowMs: number): void {
    this.#history.push(detections);
    this.#sync.result(detections.rtpTimestamp, nowMs);
  }

  /**
   * A frame is shown.
   * @param mid the media section of the video's track
   * @param rtpTimestamp where the browser tells it, or it is known otherwise
   */
  shown(mid: string, rtpTimestamp: number | undefined, receivedMs: number | undefined): void {
    if (rtpTimestamp !== undefined) this.#sync.frame(rtpTimestamp, receivedMs);
    if (this.#settings.output === 'passthrough') this.#draw(mid, rtpTimestamp);
    else if (rtpTimestamp !== undefined) this.#measure(mid, rtpTimestamp);
  }

  #draw(mid: string, told: number | undefined): void {
    const frame = takeShownFrame(this.#video, told);
    const { rtpTimestamp, picture } = frame;
    if (rtpTimestamp === undefined) this.#paint(picture, this.#history.newest(mid));
    else {
      const matches = this.#history.at(mid, rtpTimestamp);
      if (this.#settings.sync === 'live' || matches.some(isOwn))
        this.#paintFrame(picture, matches, rtpTimestamp);
      else if (this.#isStill(rtpTimestamp)) this.#paintFrame(picture, [], rtpTimestamp);
    }
    frame.close();
  }

  /** Whether nothing was drawn for so long, or at all, that the picture must not wait any more. */
  #isStill(rtpTimestamp: number): boolean {
    return this.#drawn === undefined || ((rtpTimestamp - this.#drawn) | 0) > LONGEST_STILL;
  }

  #paintFrame(picture: CanvasImageSource, matches: readonly Match[], rtpTimestamp: number): void {
    this.#paint(picture, matches);
    this.#drawn = rtpTimestamp;
    for (const { ticks } of matches) this.#sync.drawn(ticks);
  }

  #paint(picture: CanvasImageSource, matches: readonly Pick<Match, 'detections'>[]): void {
    const { videoWidth: width, videoHeight: height } = this.#video;
    if (!this.#context || width === 0) return;
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    this.#context.drawImage(picture, 0, 0, width, height);
    for (const { detections } of matches) drawResult(this.#context, detections);
    this.#canvas.hidden = false;
  }

  #measure(mid: string, rtpTimestamp: number): void {
    if (this.#settings.output === 'data') return;
    const exact = this.#settings.sync === 'exact';
    const ticks = exact
      ? this.#history.at(mid, rtpTimestamp).map((match) => match.ticks)
      : [this.#history.carried(mid, rtpTimestamp)];
    for (const tick of ticks) if (tick !== null) this.#sync.drawn(tick);
  }
}

import type { Detections } from '../../protocol/detections.ts';
import type { Call } from '../sdk/call.ts';
import { drawResult } from '../sdk/draw-result.ts';
import { OverlaySync } from '../sdk/overlay-sync.ts';
import { ResultHistory } from '../sdk/result-history.ts';
import type { Caller } from './caller.ts';
import { element } from './elements.ts';
import type { Settings } from './settings.ts';

/** Milliseconds between two changes of how long frames wait. */
const EVERY_MS = 1_000;

/** Draws results over the camera's own picture where the server does not, each on the frame that it belongs to. */
export class Overlay {
  readonly #canvas = element('overlay', HTMLCanvasElement);
  readonly #context = this.#canvas.getContext('2d');
  readonly #history = new ResultHistory();
  #sync = new OverlaySync();
  #call: Call | null = null;
  #draws = false;

  constructor(caller: Caller, settings: Settings) {
    let timer: ReturnType<typeof setInterval> | undefined;
    caller.on('call', (call) => {
      clearInterval(timer);
      this.#call = call;
      this.#draw(call !== null && settings.choices.output === 'passthrough');
      call?.on('settings', ({ output }) => this.#draw(output === 'passthrough'));
      call?.on('detections', (detections) => this.#take(detections));
      if (call) timer = setInterval(() => this.#wait(), EVERY_MS);
    });
  }

  /** The median distance between what is drawn and the frame that it is drawn on, in frames; null where nothing is. */
  get framesOff(): number | null {
    return this.#draws ? this.#sync.framesOff : null;
  }

  /** To be told of each shown frame. */
  shown({ rtpTimestamp, receiveTime, width, height }: VideoFrameCallbackMetadata): void {
    if (!this.#draws || !this.#context || rtpTimestamp === undefined) return;
    this.#sync.frame(rtpTimestamp, receiveTime);
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    this.#context.clearRect(0, 0, width, height);
    for (const { detections, ticks } of this.#history.at(rtpTimestamp)) {
      this.#sync.drawn(ticks);
      drawResult(this.#context, detections);
    }
  }

  #take(detections: Detections): void {
    this.#history.push(detections);
    this.#sync.result(detections.rtpTimestamp, performance.now());
  }

  /** Starts or stops drawing; either way nothing of before stays. */
  #draw(draws: boolean): void {
    if (this.#draws !== draws) this.#sync = new OverlaySync();
    this.#draws = draws;
    this.#history.clear();
    this.#canvas.hidden = !draws;
    this.#context?.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    if (!draws) this.#call?.holdVideo(null);
  }

  /** Frames wait for as long as their results need, so that each has its own when it is shown. */
  #wait(): void {
    if (this.#draws) this.#call?.holdVideo(this.#sync.waitMs);
  }
}

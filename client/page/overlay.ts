import type { Call } from '../sdk/call.ts';
import { FrameOverlay } from '../sdk/frame-overlay.ts';
import { FrameStamps } from '../sdk/frame-stamps.ts';
import type { Caller } from './caller.ts';
import { element } from './elements.ts';
import type { Settings } from './settings.ts';

/** Milliseconds between two changes of how long frames wait. */
const EVERY_MS = 1_000;

/** Results on the picture of the call that is up: drawn here where the server does not, measured in either case. */
export class Overlay {
  readonly #overlay: FrameOverlay;
  #call: Call | null = null;
  #stamps: FrameStamps | null | undefined;

  constructor(video: HTMLVideoElement, caller: Caller, settings: Settings) {
    this.#overlay = new FrameOverlay(video, element('overlay', HTMLCanvasElement));
    let timer: ReturnType<typeof setInterval> | undefined;
    caller.on('call', (call) => {
      clearInterval(timer);
      this.#stamps?.close();
      this.#stamps = undefined;
      this.#call = call;
      this.#overlay.begin({ output: 'data', sync: 'live' });
      if (!call) return;
      this.#overlay.begin(settings.choices);
      call.on('settings', (current) => this.#overlay.begin(current));
      call.on('detections', (detections) => this.#overlay.result(detections, performance.now()));
      timer = setInterval(() => call.holdVideo(this.#overlay.waitMs), EVERY_MS);
    });
  }

  /** The median distance between what is drawn and the frame that it is drawn on, in frames; null where it is not known. */
  get framesOff(): number | null {
    return this.#overlay.framesOff;
  }

  /** To be told of each shown frame. @returns its RTP timestamp; undefined where it cannot be known */
  shown(frame: VideoFrameCallbackMetadata): number | undefined {
    const [track] = this.#call?.tracks ?? [];
    if (!track || !this.#call) return frame.rtpTimestamp;
    const rtpTimestamp = frame.rtpTimestamp ?? this.#stampOf(this.#call, track.mid, frame);
    this.#overlay.shown(track.mid, rtpTimestamp, frame.receiveTime);
    return rtpTimestamp;
  }

  /** Begins to note timestamps with the first frame that comes without one. */
  #stampOf(call: Call, mid: string, frame: VideoFrameCallbackMetadata): number | undefined {
    if (this.#stamps === undefined) {
      const receiver = call.receiverOf(mid);
      this.#stamps = receiver ? FrameStamps.watch(receiver) : null;
    }
    return this.#stamps?.of(frame);
  }
}

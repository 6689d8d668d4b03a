import type { FrameStamp } from './frame-stamps-worker.ts';
import { StampHistory } from './stamp-history.ts';

/**
 * Tells which frame a video shows in browsers whose requestVideoFrameCallback() does not: a transform of the encoded
 * frames (W3C WebRTC Encoded Transform) notes the RTP timestamp of each on its way, and changes nothing.
 */
export class FrameStamps {
  readonly #receiver: RTCRtpReceiver;
  readonly #worker: Worker;
  readonly #history = new StampHistory();

  /** @returns null where the browser has no such transforms */
  static watch(receiver: RTCRtpReceiver): FrameStamps | null {
    return 'RTCRtpScriptTransform' in globalThis ? new FrameStamps(receiver) : null;
  }

  private constructor(receiver: RTCRtpReceiver) {
    this.#receiver = receiver;
    this.#worker = new Worker(new URL('./frame-stamps-worker.ts', import.meta.url), { type: 'module' });
    this.#worker.onmessage = ({ data }: MessageEvent<FrameStamp>) => {
      this.#history.push(data.rtpTimestamp, data.at - performance.timeOrigin);
    };
    receiver.transform = new RTCRtpScriptTransform(this.#worker);
  }

  /** The RTP timestamp of a shown frame; undefined where it cannot be told. */
  of({ receiveTime }: Pick<VideoFrameCallbackMetadata, 'receiveTime'>): number | undefined {
    return receiveTime === undefined ? undefined : this.#history.shown(receiveTime);
  }

  /** Lets frames pass untouched again. Idempotent. */
  close(): void {
    this.#receiver.transform = null;
    this.#worker.terminate();
  }
}

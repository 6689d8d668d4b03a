import type { RTCDataChannel } from 'werift';
import type { Detections } from '../../protocol/detections.ts';
import { DataBudget } from '../rtp/congestion/data-budget.ts';

export const DETECTIONS_LABEL = 'detections';

/** Bytes that may wait in the channel. Some hundred results: past that the network is too slow for them. */
const MAX_BUFFERED = 64 * 1024;

/**
 * The `detections` data channel. What cannot be sent now is dropped, newest first, and counted:
 * a result that waits is a result that is wrong by the time it arrives.
 */
export class DetectionsChannel {
  readonly #budget = new DataBudget();
  #bitrate: () => number | undefined = () => undefined;
  #channel: RTCDataChannel | undefined;
  #sent = 0;
  #dropped = 0;

  /** The channel once the client, or else the server, has opened it. A later one replaces an earlier one. */
  attach(channel: RTCDataChannel): void {
    this.#channel = channel;
  }

  /** Results take no more than their share of what the way carries, where pictures go the same way. */
  share(bitrate: () => number | undefined): void {
    this.#bitrate = bitrate;
  }

  get attached(): boolean {
    return this.#channel !== undefined;
  }

  get sent(): number {
    return this.#sent;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** @returns whether the result was handed to the network. */
  send(result: Detections): boolean {
    const channel = this.#channel;
    if (channel?.readyState !== 'open' || channel.bufferedAmount > MAX_BUFFERED) {
      this.#dropped++;
      return false;
    }
    const message = JSON.stringify(result, rounded);
    const bitrate = this.#bitrate();
    if (bitrate !== undefined && !this.#budget.spend(message.length, bitrate, performance.now())) {
      this.#dropped++;
      return false;
    }
    channel.send(message);
    this.#sent++;
    return true;
  }
}

/** Five decimals are a fiftieth of a pixel of 1920; fifteen would double the message. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1e5) / 1e5 : value;
}

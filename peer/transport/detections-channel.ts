import type { RTCDataChannel } from 'werift';
import type { Detections } from '../../protocol/detections.ts';

export const DETECTIONS_LABEL = 'detections';

/** Bytes that may wait in the channel. Some hundred results: past that the network is too slow for them. */
const MAX_BUFFERED = 64 * 1024;

/**
 * The `detections` data channel. What cannot be sent now is dropped, newest first, and counted:
 * a result that waits is a result that is wrong by the time it arrives.
 */
export class DetectionsChannel {
  #channel: RTCDataChannel | undefined;
  #sent = 0;
  #dropped = 0;

  /** The channel once the client, or else the server, has opened it. A later one replaces an earlier one. */
  attach(channel: RTCDataChannel): void {
    this.#channel = channel;
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
    channel.send(JSON.stringify(result));
    this.#sent++;
    return true;
  }
}

import type { RTCDataChannel } from 'werift';
import type { ControlNotice } from '../../protocol/control.ts';
import { guarded } from '../guarded.ts';
import type { Logger } from '../log.ts';
import type { RefusalCounter } from './refusal-counter.ts';

/** Data channel that takes settings while the call runs. */
export const CONTROL_LABEL = 'control';

/** Bytes of answers that may wait in the channel; past that messages go without one. */
const MAX_BUFFERED = 64 * 1024;

export interface ControlChannelOptions {
  /** Takes a message, and the way to answer it. */
  readonly onMessage: (message: string, answer: (reply: object) => void) => void;
  readonly refusals: RefusalCounter;
  readonly log: Logger;
}

/** The `control` data channel: settings in, an answer to each, and notices. */
export class ControlChannel {
  readonly #options: ControlChannelOptions;
  #channel: RTCDataChannel | undefined;

  constructor(options: ControlChannelOptions) {
    this.#options = options;
  }

  /** The channel once the client has opened it. Notices go into the newest. */
  attach(channel: RTCDataChannel): void {
    this.#channel = channel;
    const { onMessage, refusals, log } = this.#options;
    const answer = (reply: object) => {
      if (channel.readyState !== 'open') return;
      if (channel.bufferedAmount > MAX_BUFFERED) refusals.add('control-flooded');
      else channel.send(JSON.stringify(reply));
    };
    channel.onMessage.subscribe(guarded(log)((message) => onMessage(message.toString(), answer)));
  }

  /** Tells the client something that it did not ask for, where there is a channel for it. */
  tell(notice: ControlNotice): void {
    if (this.#channel?.readyState === 'open') this.#channel.send(JSON.stringify(notice));
  }
}

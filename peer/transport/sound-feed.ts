import type { MediaStreamTrack } from 'werift';
import { guarded } from '../guarded.ts';
import type { Logger } from '../log.ts';
import type { RelayedClock } from './relayed-clock.ts';

/** One packet of sound (Opus, RFC 7587) as it came. */
export interface SoundPacket {
  readonly payload: Uint8Array;
  /** RTP timestamp, 48 kHz, 32 bits. */
  readonly timestamp: number;
  readonly marker: boolean;
}

/** A microphone's packets, for those beside the caller that are to hear it. */
export class SoundFeed {
  /** On which its timestamps are told to listeners. */
  readonly clock: RelayedClock;
  readonly #subscription: { unSubscribe: () => void };
  readonly #listeners = new Set<(packet: SoundPacket) => void>();

  constructor(track: MediaStreamTrack, clock: RelayedClock, log: Logger) {
    this.clock = clock;
    this.#subscription = track.onReceiveRtp.subscribe(
      guarded(log)(({ payload, header: { timestamp, marker } }) => {
        for (const listener of this.#listeners) listener({ payload, timestamp, marker });
      }),
    );
  }

  /** Hands each packet on as it comes. @returns ends it */
  listen(listener: (packet: SoundPacket) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Idempotent. */
  close(): void {
    this.#subscription.unSubscribe();
    this.#listeners.clear();
  }
}

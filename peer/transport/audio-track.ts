import type { MediaStreamTrack, RTCRtpTransceiver, RtpPacket } from 'werift';
import { guarded } from '../guarded.ts';
import type { Logger } from '../log.ts';
import { AudioDelay } from '../rtp/audio-delay.ts';

/** Timers have the grain of a millisecond: what is due within half of one leaves now. */
const HALF_GRAIN_MS = 0.5;

/** A microphone's track, sent back as it came, later by what its picture takes. */
export class AudioTrack {
  readonly mid: string;
  readonly #transceiver: RTCRtpTransceiver;
  readonly #log: Logger;
  readonly #delay = new AudioDelay<RtpPacket>();
  readonly #subscription: { unSubscribe: () => void };
  readonly #release: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(track: MediaStreamTrack, transceiver: RTCRtpTransceiver, log: Logger) {
    this.mid = transceiver.mid ?? '';
    this.#transceiver = transceiver;
    this.#log = log;
    const guard = guarded(log);
    this.#release = guard(() => this.#sendDue());
    this.#subscription = track.onReceiveRtp.subscribe(
      guard((packet) => {
        this.#delay.push(packet, performance.now());
        this.#sendDue();
      }),
    );
  }

  /** Milliseconds that packets are held, and how many were dropped because too many were. */
  stats(): { delayMs: number; dropped: number } {
    return { delayMs: this.#delay.delayMs, dropped: this.#delay.dropped };
  }

  /** Takes a measurement of how long the picture that belongs to this sound takes from coming in to going out. */
  follow(videoDelayMs: number): void {
    this.#delay.follow(videoDelayMs);
  }

  #sendDue(): void {
    const now = performance.now();
    for (const packet of this.#delay.take(now + HALF_GRAIN_MS)) this.#send(packet);
    clearTimeout(this.#timer);
    const next = this.#delay.nextAt();
    if (next !== undefined) this.#timer = setTimeout(this.#release, Math.round(next - now));
  }

  #send(packet: RtpPacket): void {
    const sent = this.#transceiver.sender.sendRtp(packet);
    sent.catch((error: unknown) => this.#log.debug({ error }, 'Packet not sent'));
  }

  /** Drops what is held. Idempotent. */
  close(): void {
    clearTimeout(this.#timer);
    this.#subscription.unSubscribe();
  }
}

import type { RTCDtlsTransport, RTCPeerConnection, RtcpPacket, RtpPacket } from 'werift';
import { guarded } from '../guarded.ts';
import type { Logger } from '../log.ts';
import { TransportFeedbackGenerator } from '../rtp/congestion/transport-feedback-generator.ts';
import { transportFeedbackPacket } from '../rtp/congestion/transport-feedback-packet.ts';
import { TRANSPORT_SEQUENCE_EXTENSION } from './header-extensions.ts';
import type { VideoTrack } from './video-track.ts';

/** Reports to the other side when its packets arrived, padding and retransmissions among them. */
export class ArrivalReporter {
  readonly #pc: RTCPeerConnection;
  readonly #transport: RTCDtlsTransport;
  readonly #tracks: readonly VideoTrack[];
  readonly #log: Logger;
  readonly #generator = new TransportFeedbackGenerator();
  readonly #subscription: { unSubscribe: () => void };
  #bits = 0;
  #tickedAt = performance.now();

  constructor(
    pc: RTCPeerConnection,
    transport: RTCDtlsTransport,
    tracks: readonly VideoTrack[],
    log: Logger,
  ) {
    this.#pc = pc;
    this.#transport = transport;
    this.#tracks = tracks;
    this.#log = log;
    this.#subscription = transport.onRtp.subscribe(guarded(log)((packet) => this.#onRtp(packet)));
  }

  /** Sends what is due; call it about every 50 ms. */
  tick(now: number): void {
    this.#generator.onBitrate((this.#bits * 1000) / Math.max(1, now - this.#tickedAt));
    this.#bits = 0;
    this.#tickedAt = now;
    for (const message of this.#generator.due(now)) this.#send(message);
  }

  close(): void {
    this.#subscription.unSubscribe();
  }

  #onRtp({ header, payload }: RtpPacket): void {
    this.#bits += payload.length * 8;
    const { extIdUriMap } = this.#pc;
    const number = header.extensions.find(
      ({ id }) => extIdUriMap[id] === TRANSPORT_SEQUENCE_EXTENSION,
    )?.payload;
    if (number?.length === 2) this.#generator.onPacket(number.readUInt16BE(0), performance.now());
  }

  #send(message: Uint8Array): void {
    const [track] = this.#tracks;
    if (track === undefined) return;
    const bytes = Buffer.from(transportFeedbackPacket(track.receiverSsrc, track.remoteSsrc, message));
    // The library sends what serialize() gives; its own class for this message is not right under loss.
    const packet = { serialize: () => bytes } as unknown as RtcpPacket;
    this.#transport
      .sendRtcp([packet])
      .catch((error: unknown) => this.#log.debug({ error }, 'Transport feedback not sent'));
  }
}

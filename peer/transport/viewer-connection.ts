import { EventEmitter } from 'node:events';
import { type RTCRtpTransceiver, useOPUS, useSdesMid, useTransportWideCC } from 'werift';
import type { IcePatch, IcePatched } from '../../protocol/ice.ts';
import type { OutgoingPayload } from '../rtp/packet.ts';
import { Congestion } from './congestion.ts';
import { Link, type LinkSettings, type LinkState } from './link.ts';
import { OutgoingStream } from './outgoing-stream.ts';
import { OutgoingTrack } from './outgoing-track.ts';
import { PacketRouter } from './packet-router.ts';
import type { ReportClock } from './relayed-clock.ts';
import { SenderReports } from './sender-reports.ts';
import type { SoundPacket } from './sound-feed.ts';
import type { CodecWish, VideoChoice } from './video-choice.ts';
import { libraryVideoCodecs } from './video-codecs.ts';
import { openOutgoing } from './video-track.ts';
import { negotiateView, type ViewNegotiation } from './view-negotiation.ts';

/** The MediaStream that picture and sound are in. */
const STREAM = 'sightline-0';

export interface ViewerConnectionEvents {
  state: [state: LinkState];
  /** The viewer asks for a key frame (RFC 4585 PLI or RFC 5104 FIR), or cannot go on without one. */
  'keyframe-requested': [];
  /** Once: why the connection ended. */
  close: [reason: string];
}

export interface ViewerConnectionOptions extends LinkSettings {
  readonly wish: CodecWish;
  /** On which the timestamps of the picture are told. */
  readonly clock: ReportClock;
  /** The same of the sound; without it no sound is taken. */
  readonly soundClock: ReportClock | undefined;
  /** Bits a second that the picture has at most. */
  readonly maxBitrate: number;
}

/** One WebRTC connection to somebody who watches: one picture goes out, and its sound. */
export class ViewerConnection extends EventEmitter<ViewerConnectionEvents> {
  readonly #options: ViewerConnectionOptions;
  readonly #negotiation: ViewNegotiation;
  readonly #link: Link;
  readonly #held: { close(): void }[] = [];
  #picture: OutgoingTrack | undefined;
  #sound: OutgoingStream | undefined;
  #soundSequence = Math.floor(Math.random() * 0x1_0000);
  #congestion: Congestion | undefined;

  /**
   * Answers the offer of a viewer.
   * @throws SightlineError `offer-expected`, `sdp-invalid`, `no-video`, `codec-unsupported`
   */
  static async answer(
    offerSdp: string,
    options: ViewerConnectionOptions,
  ): Promise<{ connection: ViewerConnection; sdp: string }> {
    const connection = new ViewerConnection(negotiateView(offerSdp, options.wish), options);
    return { connection, sdp: await connection.#answer() };
  }

  private constructor(negotiation: ViewNegotiation, options: ViewerConnectionOptions) {
    super();
    this.#negotiation = negotiation;
    this.#options = options;
    this.#link = new Link({
      ...options,
      media: {
        // Sound that there is none of is answered `inactive`: aiortc takes no answer with a section that is rejected.
        codecs: { video: libraryVideoCodecs([negotiation.video]), audio: [useOPUS()] },
        headerExtensions: { video: [useSdesMid(), useTransportWideCC()], audio: [useSdesMid()] },
      },
      release: () => this.#release(),
    });
    this.#link.on('state', (state) => this.emit('state', state));
    this.#link.once('close', (reason) => this.emit('close', reason));
  }

  /** What the picture goes out as. */
  get choice(): VideoChoice {
    return this.#negotiation.video;
  }

  get state(): LinkState {
    return this.#link.state;
  }

  /** Names the ICE session: another after each restart. */
  get iceSession(): string {
    return this.#link.iceSession;
  }

  /** Whether so much waits to be sent that more of it would only be late. */
  get overflowing(): boolean {
    return this.#congestion?.overflowing ?? false;
  }

  /** As {@link Link.patchIce}. */
  patchIce(patch: IcePatch): Promise<IcePatched> {
    return this.#link.patchIce(patch);
  }

  /** Sends a frame. @param timestamp RTP timestamp, 90 kHz, 32 bits */
  send(payloads: readonly OutgoingPayload[], timestamp: number): void {
    this.#picture?.send(payloads, timestamp);
  }

  sendSound({ payload, timestamp, marker }: SoundPacket): void {
    this.#soundSequence = (this.#soundSequence + 1) & 0xffff;
    this.#sound?.send({ payload, timestamp, marker, sequenceNumber: this.#soundSequence });
  }

  #answer(): Promise<string> {
    return this.#link.answer(this.#negotiation, async () => {
      const { video, sound } = this.#negotiation;
      for (const transceiver of this.#link.pc.getTransceivers()) {
        if (transceiver.mid === video.mid) await this.#openPicture(transceiver);
        if (sound && transceiver.mid === sound.mid) await this.#openSound(transceiver, sound.payloadType);
      }
    });
  }

  async #openPicture(transceiver: RTCRtpTransceiver): Promise<void> {
    const { log, clock, maxBitrate } = this.#options;
    const { pc } = this.#link;
    await openOutgoing(transceiver, 'sendonly', STREAM);
    const picture = new OutgoingTrack(this.#negotiation.video, transceiver, log);
    picture.on('keyframe-requested', () => this.emit('keyframe-requested'));
    this.#picture = picture;
    this.#congestion = new Congestion({
      pc,
      tracks: [picture],
      incoming: [],
      // Less than the picture has helps nobody: there is but one encoding, which a viewer gets or gets not.
      startBitrate: maxBitrate,
      maxBitrate: 2 * maxBitrate,
      onFeedbackMissing: (missing) => log.debug({ missing }, 'Reports of a viewer on what it is sent'),
      log,
    });
    const router = new PacketRouter(pc, [picture], log);
    this.#held.push(this.#congestion, router, new SenderReports(transceiver, clock, log));
  }

  async #openSound(transceiver: RTCRtpTransceiver, payloadType: number): Promise<void> {
    const { log, soundClock } = this.#options;
    if (soundClock === undefined) return;
    await openOutgoing(transceiver, 'sendonly', STREAM);
    this.#sound = new OutgoingStream(transceiver, payloadType, log);
    this.#held.push(new SenderReports(transceiver, soundClock, log));
  }

  /** Ends the connection and frees its sockets and timers. Idempotent; the first reason wins. Never rejects. */
  async close(reason: string): Promise<void> {
    await this.#link.close(reason);
    this.removeAllListeners();
  }

  #release(): void {
    for (const held of this.#held.splice(0).reverse()) held.close();
    this.#picture?.removeAllListeners();
  }
}

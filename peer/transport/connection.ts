import { EventEmitter } from 'node:events';
import {
  type MediaStreamTrack,
  type RTCDataChannel,
  type RTCRtpTransceiver,
  useOPUS,
  useSdesMid,
  useTransportWideCC,
} from 'werift';
import type { ControlNotice } from '../../protocol/control.ts';
import type { Diagnosis, IcePatch, IcePatched } from '../../protocol/ice.ts';
import type { RefusalCounts } from '../../protocol/refusals.ts';
import { guarded } from '../guarded.ts';
import { isVideoCodec } from '../rtp/packet.ts';
import { AudioTrack } from './audio-track.ts';
import { Congestion } from './congestion.ts';
import { CONTROL_LABEL, ControlChannel } from './control-channel.ts';
import { DETECTIONS_LABEL, DetectionsChannel } from './detections-channel.ts';
import { Link, type LinkSettings, type LinkState } from './link.ts';
import { type Negotiation, negotiate } from './negotiation.ts';
import { PacketRouter } from './packet-router.ts';
import { RelayedClock } from './relayed-clock.ts';
import { SenderReports } from './sender-reports.ts';
import { SoundFeed } from './sound-feed.ts';
import { libraryVideoCodecs } from './video-codecs.ts';
import { openOutgoing, VideoTrack } from './video-track.ts';

export interface ConnectionEvents {
  state: [state: LinkState];
  /** A message on the `control` channel, and the way to answer it. */
  control: [message: string, answer: (reply: object) => void];
  /** Once: why the connection ended. */
  close: [reason: string];
}

export interface ConnectionOptions extends LinkSettings {
  /** Bits a second that each outgoing track may take. */
  readonly maxBitrate: number;
}

/** How long the client may take to open the `detections` channel before the server opens it. */
const CHANNEL_GRACE_MS = 1000;

const FEEDBACK_MISSING: ControlNotice = {
  type: 'notice',
  code: 'feedback-missing',
  detail:
    'Cannot tell what the way back carries: expected RTCP reports on the video sent, found none for 5 seconds',
};

/** A call that was answered: its video tracks, its sound, its data channels, its end. */
export class Connection extends EventEmitter<ConnectionEvents> {
  readonly tracks: VideoTrack[] = [];
  /** The microphones, for whoever else is to hear them. */
  readonly sounds: SoundFeed[] = [];
  readonly detections = new DetectionsChannel();
  readonly #options: ConnectionOptions;
  readonly #negotiation: Negotiation;
  readonly #link: Link;
  readonly #control: ControlChannel;
  readonly #audio: AudioTrack[] = [];
  readonly #clocks: RelayedClock[] = [];
  readonly #reports: SenderReports[] = [];
  #channelTimer: NodeJS.Timeout | undefined;
  #router: PacketRouter | undefined;
  #congestion: Congestion | undefined;

  /**
   * Answers an offer.
   * @throws SightlineError `sdp-invalid`, `no-video`, `codec-unsupported`
   */
  static async answer(
    offerSdp: string,
    options: ConnectionOptions,
  ): Promise<{ connection: Connection; sdp: string }> {
    const connection = new Connection(negotiate(offerSdp), options);
    return { connection, sdp: await connection.#answer() };
  }

  private constructor(negotiation: Negotiation, options: ConnectionOptions) {
    super();
    this.#negotiation = negotiation;
    this.#options = options;
    const { log } = options;
    this.#link = new Link({
      ...options,
      media: {
        codecs: { video: libraryVideoCodecs(negotiation.video), audio: [useOPUS()] },
        headerExtensions: { video: [useSdesMid(), useTransportWideCC()], audio: [useSdesMid()] },
      },
      release: () => this.#release(),
    });
    this.#control = new ControlChannel({
      onMessage: (message, answer) => this.emit('control', message, answer),
      refusals: this.#link.refusals,
      log,
    });
    this.#link.pc.onDataChannel.subscribe(guarded(log)((channel) => this.#onChannel(channel)));
    this.#link.on('state', (state) => this.#onState(state));
    this.#link.once('close', (reason) => this.#onClose(reason));
  }

  get state(): LinkState {
    return this.#link.state;
  }

  /** What the way back carries; undefined before the offer is answered. */
  get congestion(): Congestion | undefined {
    return this.#congestion;
  }

  /** Packets that belong to no track; they were dropped. */
  get packetsUnroutable(): number {
    return this.#router?.unroutable ?? 0;
  }

  /** What came from the network and was refused, by what was wrong with it. */
  get packetsRefused(): RefusalCounts {
    return this.#link.refusals.counts();
  }

  /** Names the ICE session: another after each restart. */
  get iceSession(): string {
    return this.#link.iceSession;
  }

  /** Why the path is not up yet, did not come up, or was lost; empty where none of these is so. */
  get diagnosis(): readonly Diagnosis[] {
    return this.#link.diagnosis;
  }

  /**
   * Takes candidates of the client, or restarts ICE.
   * @throws SightlineError `ice-session-changed`, `fragment-invalid`, `candidates-exhausted`, `session-unknown`
   */
  patchIce(patch: IcePatch): Promise<IcePatched> {
    return this.#link.patchIce(patch);
  }

  async #answer(): Promise<string> {
    const opened: Promise<void>[] = [];
    this.#link.pc.ontrack = guarded(this.#options.log)(({ track, transceiver }) => {
      opened.push(this.#onTrack(track, transceiver));
    });
    return this.#link.answer(this.#negotiation, async () => {
      await Promise.all(opened);
      this.#open();
    });
  }

  #open(): void {
    const { log } = this.#options;
    const { pc } = this.#link;
    const tracks = this.tracks.map(({ outgoing }) => outgoing);
    this.#router = new PacketRouter(pc, tracks, log);
    this.#letSoundFollowPictures();
    this.#congestion = new Congestion({
      pc,
      tracks,
      incoming: this.tracks,
      maxBitrate: this.#options.maxBitrate * tracks.length,
      onFeedbackMissing: (missing) => this.#onFeedbackMissing(missing),
      log,
    });
    this.detections.share(() => this.#congestion?.measuredBitrate);
    // Browsers end a call with an SCTP abort (RFC 9260, section 9.1), which the library tells of only here.
    pc.sctpTransport?.sctp.stateChanged.closed.subscribe(
      guarded(log)(() => void this.close('hung up by the other side')),
    );
  }

  async #onTrack(track: MediaStreamTrack, transceiver: RTCRtpTransceiver): Promise<void> {
    const { log } = this.#options;
    const choice = this.#negotiation.video.find(({ mid }) => mid === transceiver.mid);
    const canMake = choice === undefined || isVideoCodec(choice.codec);
    const takesBack = transceiver.offerDirection === 'sendrecv' && canMake;
    const clock = new RelayedClock(track, transceiver, log);
    this.#clocks.push(clock);
    if (takesBack) {
      const stream = this.#negotiation.streams.get(transceiver.mid ?? '') ?? '-';
      await openOutgoing(transceiver, 'sendrecv', stream);
      const reports = new SenderReports(transceiver, clock, log);
      clock.onReport(() => reports.onClockKnown());
      this.#reports.push(reports);
    }
    if (track.kind === 'audio') {
      this.sounds.push(new SoundFeed(track, clock, log));
      if (takesBack) this.#audio.push(new AudioTrack(track, transceiver, log));
      return;
    }
    if (choice) this.tracks.push(new VideoTrack({ choice, transceiver, remote: track, clock, log }));
  }

  /** Sound is held back by what the picture of its MediaStream takes. */
  #letSoundFollowPictures(): void {
    const { streams } = this.#negotiation;
    for (const audio of this.#audio) {
      const picture = this.tracks.find(({ choice: { mid } }) => streams.get(mid) === streams.get(audio.mid));
      picture?.on('delayed', (milliseconds) => audio.follow(milliseconds));
    }
  }

  #onState(state: LinkState): void {
    if (state === 'connected') this.#openChannelIfClientDoesNot();
    this.emit('state', state);
  }

  #onChannel(channel: RTCDataChannel): void {
    if (channel.label === DETECTIONS_LABEL) this.detections.attach(channel);
    if (channel.label === CONTROL_LABEL) this.#control.attach(channel);
  }

  #openChannelIfClientDoesNot(): void {
    if (!this.#negotiation.data || this.#channelTimer !== undefined) return;
    const open = guarded(this.#options.log)(() => {
      if (this.detections.attached || this.state === 'closed') return;
      const unreliable = { ordered: false, maxRetransmits: 0 };
      this.detections.attach(this.#link.pc.createDataChannel(DETECTIONS_LABEL, unreliable));
    });
    this.#channelTimer = setTimeout(open, CHANNEL_GRACE_MS);
  }

  /** Said where the client, or whoever wrote it, can see it; nothing else of the call changes by it. */
  #onFeedbackMissing(missing: boolean): void {
    if (!missing) return;
    this.#options.log.warn('No RTCP report comes back on the media sent; sending at the least rate');
    this.tell(FEEDBACK_MISSING);
  }

  /** Says something on the `control` channel, where the client has opened one. */
  tell(notice: ControlNotice): void {
    this.#control.tell(notice);
  }

  /** Ends the connection and frees its sockets and timers. Idempotent; the first reason wins. Never rejects. */
  async close(reason: string): Promise<void> {
    await this.#link.close(reason);
    this.removeAllListeners();
  }

  #release(): void {
    clearTimeout(this.#channelTimer);
    this.#congestion?.close();
    this.#router?.close();
    for (const held of [...this.#audio, ...this.#reports, ...this.sounds, ...this.#clocks]) held.close();
  }

  #onClose(reason: string): void {
    this.emit('close', reason);
    for (const track of this.tracks) track.removeAllListeners();
  }
}

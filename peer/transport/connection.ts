import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type MediaStreamTrack,
  type Message,
  type RTCDataChannel,
  RTCPeerConnection,
  RTCRtpCodecParameters,
  type RTCRtpTransceiver,
  useAV1,
  useH264,
  useOPUS,
  useSdesMid,
  useTransportWideCC,
  useVP8,
  useVP9,
} from 'werift';
import type { ControlNotice } from '../../protocol/control.ts';
import { SightlineError } from '../../protocol/errors.ts';
import type { Diagnosis, IcePatch, IcePatched } from '../../protocol/ice.ts';
import type { RefusalCounts } from '../../protocol/refusals.ts';
import { guarded } from '../guarded.ts';
import type { Logger } from '../log.ts';
import { isVideoCodec } from '../rtp/packet.ts';
import { AudioTrack } from './audio-track.ts';
import { Congestion } from './congestion.ts';
import { DETECTIONS_LABEL, DetectionsChannel } from './detections-channel.ts';
import { gateTransports } from './gates.ts';
import { advertise, takeCandidates } from './ice-candidates.ts';
import { diagnose } from './ice-diagnosis.ts';
import { IceSession } from './ice-session.ts';
import { type IceSettings, libraryIceConfig } from './ice-settings.ts';
import { type Negotiation, negotiate } from './negotiation.ts';
import { PacketRouter } from './packet-router.ts';
import { RefusalCounter } from './refusal-counter.ts';
import { SenderReports } from './sender-reports.ts';
import { openReturnPath, VideoTrack } from './video-track.ts';

/** Data channel that takes settings while the call runs. */
const CONTROL_LABEL = 'control';

export type ConnectionState = 'connecting' | 'connected' | 'disconnected' | 'closed';

export interface ConnectionEvents {
  state: [state: ConnectionState];
  /** A message on the `control` channel, and the way to answer it. */
  control: [message: string, answer: (reply: object) => void];
  /** Once: why the connection ended. */
  close: [reason: string];
}

export interface ConnectionOptions {
  readonly ice: IceSettings;
  /** Bits a second that each outgoing track may take. */
  readonly maxBitrate: number;
  /** How long ICE and DTLS may take before the connection is given up. */
  readonly connectTimeoutMs: number;
  readonly log: Logger;
}

/** How long the client may take to open the `detections` channel before the server opens it. */
const CHANNEL_GRACE_MS = 1000;
/** Bytes of answers that may wait in the `control` channel; past that messages go without one. */
const MAX_CONTROL_BUFFERED = 64 * 1024;
/** How long the library may take to say goodbye. */
const CLOSE_LIMIT_MS = 2000;

const FEEDBACK_MISSING: ControlNotice = {
  type: 'notice',
  code: 'feedback-missing',
  detail:
    'Cannot tell what the way back carries: expected RTCP reports on the video sent, found none for 5 seconds',
};

/** One WebRTC connection that was answered: its video tracks, its `detections` channel, its end. */
export class Connection extends EventEmitter<ConnectionEvents> {
  readonly tracks: VideoTrack[] = [];
  readonly #audio: AudioTrack[] = [];
  readonly #reports: SenderReports[] = [];
  readonly detections = new DetectionsChannel();
  readonly #pc: RTCPeerConnection;
  readonly #ice: IceSession;
  readonly #refusals = new RefusalCounter();
  readonly #iceSettings: IceSettings;
  readonly #negotiation: Negotiation;
  readonly #log: Logger;
  readonly #connectTimer: NodeJS.Timeout;
  #channelTimer: NodeJS.Timeout | undefined;
  #control: RTCDataChannel | undefined;
  #router: PacketRouter | undefined;
  #congestion: Congestion | undefined;
  readonly #maxBitrate: number;
  #state: ConnectionState = 'connecting';
  #wasConnected = false;
  #diagnosis: readonly Diagnosis[] = [];
  #closing: Promise<void> | undefined;

  /**
   * Answers an offer.
   * @throws SightlineError `sdp-invalid`, `no-video`, `codec-unsupported`
   */
  static async answer(
    offerSdp: string,
    options: ConnectionOptions,
  ): Promise<{ connection: Connection; sdp: string }> {
    const negotiation = negotiate(offerSdp);
    const connection = new Connection(negotiation, options);
    try {
      return { connection, sdp: await connection.#answer() };
    } catch (error) {
      await connection.close('answer failed');
      if (error instanceof SightlineError) throw error;
      throw new SightlineError('sdp-invalid', `Cannot answer the offer: ${String(error)}`, { cause: error });
    }
  }

  private constructor(negotiation: Negotiation, options: ConnectionOptions) {
    super();
    this.#negotiation = negotiation;
    this.#log = options.log;
    this.#iceSettings = options.ice;
    this.#maxBitrate = options.maxBitrate;
    const ice = new IceSession({
      settings: options.ice,
      restartTimeoutMs: options.connectTimeoutMs,
      onLost: () => this.#fail('no path was found after an ICE restart'),
      log: options.log,
    });
    this.#ice = ice;
    this.#pc = new RTCPeerConnection({
      codecs: { video: videoCodecs(negotiation), audio: [useOPUS()] },
      headerExtensions: { video: [useSdesMid(), useTransportWideCC()], audio: [useSdesMid()] },
      ...libraryIceConfig(options.ice),
    });
    const guard = guarded(options.log);
    this.#pc.connectionStateChange.subscribe(guard((state) => this.#onState(state)));
    this.#pc.onDataChannel.subscribe(
      guard((channel) => {
        if (channel.label === DETECTIONS_LABEL) this.detections.attach(channel);
        if (channel.label === CONTROL_LABEL) this.#listenTo(channel);
      }),
    );
    this.#connectTimer = setTimeout(() => this.#fail('not connected in time'), options.connectTimeoutMs);
  }

  get state(): ConnectionState {
    return this.#state;
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
    return this.#refusals.counts();
  }

  /** Names the ICE session: another after each restart. */
  get iceSession(): string {
    return this.#ice.id;
  }

  /** Why the path is not up yet, did not come up, or was lost; empty where none of these is so. */
  get diagnosis(): readonly Diagnosis[] {
    if (this.#state === 'connecting') return diagnose(this.#ice.facts(false));
    return this.#diagnosis;
  }

  /**
   * Takes candidates of the client, or restarts ICE.
   * @throws SightlineError `ice-session-changed`, `fragment-invalid`, `candidates-exhausted`, `session-unknown`
   */
  patchIce({ ifMatch, sections }: IcePatch): Promise<IcePatched> {
    return this.#ice.patch(ifMatch, sections);
  }

  async #answer(): Promise<string> {
    const opened: Promise<void>[] = [];
    this.#pc.ontrack = guarded(this.#log)(({ track, transceiver }) => {
      opened.push(this.#onTrack(track, transceiver));
    });
    const { sdp, offered } = takeCandidates(this.#negotiation.offerSdp);
    await this.#pc.setRemoteDescription({ type: 'offer', sdp });
    await Promise.all(opened);
    this.#router = new PacketRouter(this.#pc, this.tracks, this.#log);
    this.#gate();
    this.#letSoundFollowPictures();
    const maxBitrate = this.#maxBitrate * this.tracks.length;
    this.#congestion = new Congestion({
      pc: this.#pc,
      tracks: this.tracks,
      maxBitrate,
      onFeedbackMissing: (missing) => this.#onFeedbackMissing(missing),
      log: this.#log,
    });
    this.detections.share(() => this.#congestion?.measuredBitrate);
    // Browsers end a call with an SCTP abort (RFC 9260, section 9.1), which the library tells of only here.
    this.#pc.sctpTransport?.sctp.stateChanged.closed.subscribe(
      guarded(this.#log)(() => void this.close('hung up by the other side')),
    );
    await this.#ice.open(this.#pc, offered);
    await this.#pc.setLocalDescription(await this.#pc.createAnswer());
    const answer = this.#negotiation.finishAnswer(this.#pc.localDescription?.sdp ?? '');
    return advertise(answer, this.#iceSettings);
  }

  #gate(): void {
    const takes = (request: Message, authentic: boolean) => this.#ice.takes(request, authentic);
    gateTransports({ pc: this.#pc, takes, refusals: this.#refusals, log: this.#log });
  }

  async #onTrack(track: MediaStreamTrack, transceiver: RTCRtpTransceiver): Promise<void> {
    const choice = this.#negotiation.video.find(({ mid }) => mid === transceiver.mid);
    const canMake = choice === undefined || isVideoCodec(choice.codec);
    const takesBack = transceiver.offerDirection === 'sendrecv' && canMake;
    if (takesBack) {
      await openReturnPath(transceiver, this.#negotiation.streams.get(transceiver.mid ?? '') ?? '-');
      this.#reports.push(new SenderReports(track, transceiver, this.#log));
    }
    if (track.kind === 'audio') {
      if (takesBack) this.#audio.push(new AudioTrack(track, transceiver, this.#log));
      return;
    }
    if (choice) this.tracks.push(new VideoTrack(choice, transceiver, track, this.#log));
  }

  /** Sound is held back by what the picture of its MediaStream takes. */
  #letSoundFollowPictures(): void {
    const { streams } = this.#negotiation;
    for (const audio of this.#audio) {
      const picture = this.tracks.find(({ choice: { mid } }) => streams.get(mid) === streams.get(audio.mid));
      picture?.on('delayed', (milliseconds) => audio.follow(milliseconds));
    }
  }

  #onState(state: RTCPeerConnection['connectionState']): void {
    switch (state) {
      case 'new':
      case 'connecting':
        return;
      case 'connected':
        this.#wasConnected = true;
        clearTimeout(this.#connectTimer);
        this.#openChannelIfClientDoesNot();
        this.#setState('connected');
        return;
      case 'disconnected':
        this.#setState('disconnected');
        return;
      case 'failed':
        this.#fail('the network path was lost');
        return;
      case 'closed':
        void this.close('closed by the other side');
    }
  }

  #openChannelIfClientDoesNot(): void {
    if (!this.#negotiation.data || this.#channelTimer !== undefined) return;
    const open = guarded(this.#log)(() => {
      if (this.detections.attached || this.#state === 'closed') return;
      const unreliable = { ordered: false, maxRetransmits: 0 };
      this.detections.attach(this.#pc.createDataChannel(DETECTIONS_LABEL, unreliable));
    });
    this.#channelTimer = setTimeout(open, CHANNEL_GRACE_MS);
  }

  /** Said where the client, or whoever wrote it, can see it; nothing else of the call changes by it. */
  #onFeedbackMissing(missing: boolean): void {
    if (!missing) return;
    this.#log.warn('No RTCP report comes back on the media sent; sending at the least rate');
    if (this.#control?.readyState === 'open') this.#control.send(JSON.stringify(FEEDBACK_MISSING));
  }

  #listenTo(control: RTCDataChannel): void {
    this.#control = control;
    const answer = (reply: object) => {
      if (control.readyState !== 'open') return;
      if (control.bufferedAmount > MAX_CONTROL_BUFFERED) this.#refusals.add('control-flooded');
      else control.send(JSON.stringify(reply));
    };
    control.onMessage.subscribe(
      guarded(this.#log)((message) => {
        this.emit('control', message.toString(), answer);
      }),
    );
  }

  /** Ends the connection because of its path, and keeps what is known of why. */
  #fail(reason: string): void {
    if (this.#closing) return;
    this.#diagnosis = diagnose(this.#ice.facts(this.#wasConnected));
    void this.close(reason);
  }

  #setState(state: ConnectionState): void {
    if (this.#state === state || this.#state === 'closed') return;
    this.#state = state;
    this.emit('state', state);
  }

  /** Ends the connection and frees its sockets and timers. Idempotent; the first reason wins. */
  close(reason: string): Promise<void> {
    this.#closing ??= this.#close(reason);
    return this.#closing;
  }

  /** Never rejects: what the library cannot close is logged, and everything of ours is freed all the same. */
  async #close(reason: string): Promise<void> {
    clearTimeout(this.#connectTimer);
    clearTimeout(this.#channelTimer);
    this.#congestion?.close();
    this.#router?.close();
    for (const audio of this.#audio) audio.close();
    for (const reports of this.#reports) reports.close();
    this.#setState('closed');
    this.emit('close', reason);
    for (const track of this.tracks) track.removeAllListeners();
    const limit = new AbortController();
    const late = delay(CLOSE_LIMIT_MS, 'late', { signal: limit.signal }).catch(() => undefined);
    try {
      if ((await Promise.race([this.#pc.close(), late])) === 'late')
        this.#log.warn('Connection closes too slowly');
    } catch (error) {
      this.#log.warn({ error }, 'Connection not closed cleanly');
    } finally {
      limit.abort();
      this.#ice.close();
      this.removeAllListeners();
    }
  }
}

function videoCodecs(negotiation: Negotiation): RTCRtpCodecParameters[] {
  const wanted = new Set(negotiation.video.map(({ codec }) => codec));
  const makers = { H264: useH264, VP8: useVP8, VP9: useVP9, AV1: useAV1 } as const;
  return [...wanted].flatMap((codec, index) => {
    const payloadType = 96 + 2 * index;
    const retransmission = {
      clockRate: 90000,
      payloadType: payloadType + 1,
      parameters: `apt=${payloadType}`,
    };
    return [
      makers[codec]({ payloadType, rtcpFeedback: [] }),
      new RTCRtpCodecParameters({ mimeType: 'video/rtx', ...retransmission }),
    ];
  });
}

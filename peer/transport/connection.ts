import { EventEmitter } from 'node:events';
import {
  type MediaStreamTrack,
  RTCPeerConnection,
  RTCRtpCodecParameters,
  type RTCRtpTransceiver,
  useH264,
  useOPUS,
  useSdesMid,
  useVP8,
} from 'werift';
import { SightlineError } from '../../protocol/errors.ts';
import { guarded } from '../guarded.ts';
import type { Logger } from '../log.ts';
import { passAudioThrough } from './audio.ts';
import { DETECTIONS_LABEL, DetectionsChannel } from './detections-channel.ts';
import { type Negotiation, negotiate } from './negotiation.ts';
import { openReturnPath, VideoTrack } from './video-track.ts';

export type ConnectionState = 'connecting' | 'connected' | 'disconnected' | 'closed';

export interface ConnectionEvents {
  state: [state: ConnectionState];
  /** Once: why the connection ended. */
  close: [reason: string];
}

export interface ConnectionOptions {
  /** The addresses that UDP sockets are bound to and that are offered as candidates. */
  readonly addresses: readonly string[];
  /** How long ICE and DTLS may take before the connection is given up. */
  readonly connectTimeoutMs: number;
  readonly log: Logger;
}

/** How long the client may take to open the `detections` channel before the server opens it. */
const CHANNEL_GRACE_MS = 1000;

/** One WebRTC connection that was answered: its video tracks, its `detections` channel, its end. */
export class Connection extends EventEmitter<ConnectionEvents> {
  readonly tracks: VideoTrack[] = [];
  readonly detections = new DetectionsChannel();
  readonly #pc: RTCPeerConnection;
  readonly #negotiation: Negotiation;
  readonly #log: Logger;
  readonly #connectTimer: NodeJS.Timeout;
  #channelTimer: NodeJS.Timeout | undefined;
  #state: ConnectionState = 'connecting';
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
    this.#pc = new RTCPeerConnection({
      codecs: { video: videoCodecs(negotiation), audio: [useOPUS()] },
      headerExtensions: { video: [useSdesMid()], audio: [useSdesMid()] },
      iceServers: [],
      // The library adds every interface of the machine unless both families are off.
      iceUseIpv4: false,
      iceUseIpv6: false,
      iceAdditionalHostAddresses: [...options.addresses],
    });
    const guard = guarded(options.log);
    this.#pc.connectionStateChange.subscribe(guard((state) => this.#onState(state)));
    this.#pc.onDataChannel.subscribe(
      guard((channel) => {
        if (channel.label === DETECTIONS_LABEL) this.detections.attach(channel);
      }),
    );
    this.#connectTimer = setTimeout(() => void this.close('not connected in time'), options.connectTimeoutMs);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  async #answer(): Promise<string> {
    const opened: Promise<void>[] = [];
    this.#pc.ontrack = guarded(this.#log)(({ track, transceiver }) => {
      opened.push(this.#onTrack(track, transceiver));
    });
    await this.#pc.setRemoteDescription({ type: 'offer', sdp: this.#negotiation.offerSdp });
    await Promise.all(opened);
    // Browsers end a call with an SCTP abort (RFC 9260, section 9.1), which the library tells of only here.
    this.#pc.sctpTransport?.sctp.stateChanged.closed.subscribe(
      guarded(this.#log)(() => void this.close('hung up by the other side')),
    );
    // Without a STUN server of ours the library would ask one of its own choosing.
    for (const { connection } of this.#pc.iceTransports) delete connection.stunServer;
    await this.#pc.setLocalDescription(await this.#pc.createAnswer());
    return this.#negotiation.finishAnswer(this.#pc.localDescription?.sdp ?? '');
  }

  async #onTrack(track: MediaStreamTrack, transceiver: RTCRtpTransceiver): Promise<void> {
    const takesBack = transceiver.offerDirection === 'sendrecv';
    if (takesBack) await openReturnPath(transceiver);
    if (track.kind === 'audio') {
      if (takesBack) passAudioThrough(track, transceiver, this.#log);
      return;
    }
    const choice = this.#negotiation.video.find(({ mid }) => mid === transceiver.mid);
    if (choice) this.tracks.push(new VideoTrack(choice, transceiver, track, this.#log));
  }

  #onState(state: RTCPeerConnection['connectionState']): void {
    switch (state) {
      case 'new':
      case 'connecting':
        return;
      case 'connected':
        clearTimeout(this.#connectTimer);
        this.#openChannelIfClientDoesNot();
        this.#setState('connected');
        return;
      case 'disconnected':
        this.#setState('disconnected');
        return;
      case 'failed':
        void this.close('the network path was lost');
        return;
      case 'closed':
        void this.close('closed by the other side');
    }
  }

  #openChannelIfClientDoesNot(): void {
    if (!this.#negotiation.data || this.#channelTimer !== undefined) return;
    this.#channelTimer = setTimeout(() => {
      if (this.detections.attached || this.#state === 'closed') return;
      this.detections.attach(
        this.#pc.createDataChannel(DETECTIONS_LABEL, { ordered: false, maxRetransmits: 0 }),
      );
    }, CHANNEL_GRACE_MS);
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

  async #close(reason: string): Promise<void> {
    clearTimeout(this.#connectTimer);
    clearTimeout(this.#channelTimer);
    this.#setState('closed');
    this.emit('close', reason);
    for (const track of this.tracks) track.removeAllListeners();
    await this.#pc.close();
    this.removeAllListeners();
  }
}

function videoCodecs(negotiation: Negotiation): RTCRtpCodecParameters[] {
  const wanted = new Set(negotiation.video.map(({ codec }) => codec));
  const codecs: RTCRtpCodecParameters[] = [];
  for (const [codec, make] of [
    ['H264', useH264],
    ['VP8', useVP8],
  ] as const) {
    if (!wanted.has(codec)) continue;
    const payloadType = 96 + codecs.length;
    codecs.push(
      make({ payloadType, rtcpFeedback: [] }),
      new RTCRtpCodecParameters({
        mimeType: 'video/rtx',
        clockRate: 90000,
        payloadType: payloadType + 1,
        parameters: `apt=${payloadType}`,
      }),
    );
  }
  return codecs;
}

import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type MediaStreamTrack,
  type RTCDataChannel,
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
import { PacketRouter } from './packet-router.ts';
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
  /** The addresses that UDP sockets are bound to and that are offered as candidates. */
  readonly addresses: readonly string[];
  /** How long ICE and DTLS may take before the connection is given up. */
  readonly connectTimeoutMs: number;
  readonly log: Logger;
}

/** How long the client may take to open the `detections` channel before the server opens it. */
const CHANNEL_GRACE_MS = 1000;
/** How long the library may take to say goodbye. */
const CLOSE_LIMIT_MS = 2000;

/** One WebRTC connection that was answered: its video tracks, its `detections` channel, its end. */
export class Connection extends EventEmitter<ConnectionEvents> {
  readonly tracks: VideoTrack[] = [];
  readonly detections = new DetectionsChannel();
  readonly #pc: RTCPeerConnection;
  readonly #negotiation: Negotiation;
  readonly #log: Logger;
  readonly #connectTimer: NodeJS.Timeout;
  #channelTimer: NodeJS.Timeout | undefined;
  #router: PacketRouter | undefined;
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
        if (channel.label === CONTROL_LABEL) this.#listenTo(channel);
      }),
    );
    this.#connectTimer = setTimeout(() => void this.close('not connected in time'), options.connectTimeoutMs);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Packets that belong to no track; they were dropped. */
  get packetsUnroutable(): number {
    return this.#router?.unroutable ?? 0;
  }

  async #answer(): Promise<string> {
    const opened: Promise<void>[] = [];
    this.#pc.ontrack = guarded(this.#log)(({ track, transceiver }) => {
      opened.push(this.#onTrack(track, transceiver));
    });
    await this.#pc.setRemoteDescription({ type: 'offer', sdp: this.#negotiation.offerSdp });
    await Promise.all(opened);
    this.#router = new PacketRouter(this.#pc, this.tracks, this.#log);
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
    const open = guarded(this.#log)(() => {
      if (this.detections.attached || this.#state === 'closed') return;
      const unreliable = { ordered: false, maxRetransmits: 0 };
      this.detections.attach(this.#pc.createDataChannel(DETECTIONS_LABEL, unreliable));
    });
    this.#channelTimer = setTimeout(open, CHANNEL_GRACE_MS);
  }

  #listenTo(control: RTCDataChannel): void {
    const answer = (reply: object) => {
      if (control.readyState === 'open') control.send(JSON.stringify(reply));
    };
    control.onMessage.subscribe(
      guarded(this.#log)((message) => {
        this.emit('control', message.toString(), answer);
      }),
    );
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
    this.#router?.close();
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
      this.removeAllListeners();
    }
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

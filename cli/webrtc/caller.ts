import { EventEmitter } from 'node:events';
import { type Candidate, MediaStreamTrack, type RTCIceTransport, RTCPeerConnection, useVP8 } from 'werift';
import type { AccessUnit } from '../../peer/rtp/packet.ts';
import { type Detections, detectionsSchema } from '../../protocol/detections.ts';
import type { IceServer } from '../../protocol/ice.ts';
import { CallerCamera, type CallerPackets } from './caller-camera.ts';

/** How long STUN and TURN servers may take to tell an address. */
const GATHER_LIMIT_SECONDS = 3;
const FRAME_MS = 1000 / 30;
const FRAME_TICKS = 3000;

export interface CallerEvents {
  /** The path and the encryption stand. */
  connected: [];
  /** The path or the encryption failed for good. */
  failed: [];
  detections: [detections: Detections];
  /** A whole frame of the track that comes back. */
  frame: [unit: AccessUnit];
}

export interface CallerOptions {
  readonly iceServers: readonly IceServer[];
  /** Addresses that are offered beside those of the interfaces, such as 127.0.0.1 to a server of this machine. */
  readonly extraAddresses?: readonly string[];
}

/** An address that one side told the other. */
export interface PathCandidate {
  readonly address: string;
  readonly port: number;
  /** `host`, `srflx`, `prflx` or `relay` (RFC 8445, section 5.1.1). */
  readonly type: string;
  readonly transport: string;
}

/** What a caller knows of its path. */
export interface CallerFacts {
  /** Candidates of this side, and of the server. */
  readonly own: readonly PathCandidate[];
  readonly offered: readonly PathCandidate[];
  /** Connectivity checks that went out, and those that were answered. */
  readonly checksSent: number;
  readonly checksAnswered: number;
  /** Checks of the server that arrived. */
  readonly checksReceived: number;
  /** The pair that ICE chose, with its round trip in milliseconds where it was measured. */
  readonly chosen:
    | { readonly own: PathCandidate; readonly other: PathCandidate; readonly roundTripMs: number | undefined }
    | undefined;
  /** `new`, `connecting`, `connected`, `failed` or `closed`. */
  readonly dtls: string;
}

/** A caller without a browser: one camera in VP8 that is taken back annotated, and the `detections` channel. */
export class Caller extends EventEmitter<CallerEvents> {
  readonly #pc: RTCPeerConnection;
  readonly #camera: CallerCamera;
  readonly #options: CallerOptions;
  #timer: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: CallerOptions) {
    super();
    this.#options = options;
    this.#pc = new RTCPeerConnection({
      codecs: { video: [useVP8()] },
      // One transport: the library never closes those that bundling leaves unused.
      bundlePolicy: 'max-bundle',
      iceServers: options.iceServers.flatMap(({ urls, username = '', credential = '' }) =>
        urls.map((url) => ({ urls: url, username, credential })),
      ),
      iceAdditionalHostAddresses: [...(options.extraAddresses ?? [])],
      iceStunGatherTimeout: GATHER_LIMIT_SECONDS,
      iceTurnConnectTimeout: GATHER_LIMIT_SECONDS,
    });
    const channel = this.#pc.createDataChannel('detections', { ordered: false, maxRetransmits: 0 });
    channel.onMessage.subscribe((message) => this.#onResult(String(message)));
    const track = new MediaStreamTrack({ kind: 'video' });
    const transceiver = this.#pc.addTransceiver(track, { direction: 'sendrecv' });
    this.#camera = new CallerCamera(transceiver, 'VP8');
    this.#pc.ontrack = ({ track: returned }) => {
      returned.onReceiveRtp.subscribe((packet) => {
        for (const unit of this.#camera.receive(packet)) this.emit('frame', unit);
      });
    };
    this.#pc.connectionStateChange.subscribe((state) => {
      if (state === 'connected') this.emit('connected');
      if (state === 'failed') this.emit('failed');
    });
  }

  /** @returns the SDP of the offer, with all candidates */
  async offer(): Promise<string> {
    const offer = await this.#pc.createOffer();
    const asksStun = this.#options.iceServers.some(({ urls }) => urls.some((url) => /^stuns?:/i.test(url)));
    // The library would ask a STUN server of its own choosing.
    if (!asksStun) for (const { connection } of this.#transports()) delete connection.stunServer;
    await this.#pc.setLocalDescription(offer);
    return this.#pc.localDescription?.sdp ?? '';
  }

  /** Takes the answer and begins to look for a path; `connected` or `failed` tells what came of it. */
  async accept(answerSdp: string): Promise<void> {
    await this.#pc.setRemoteDescription({ type: 'answer', sdp: answerSdp });
  }

  /**
   * Sends a film at 30 frames a second over and over, until the caller is closed.
   * @param onSent told the RTP timestamp of each frame that goes out
   */
  send(film: readonly Uint8Array[], onSent: (timestamp: number) => void): void {
    const started = performance.now();
    let sent = 0;
    const next = (): void => {
      const data = film[sent % film.length];
      const timestamp = (sent * FRAME_TICKS) >>> 0;
      sent += 1;
      if (data) {
        onSent(timestamp);
        this.#camera.sendFrame({ data, timestamp }).catch(() => clearTimeout(this.#timer));
      }
      this.#timer = setTimeout(next, Math.max(0, started + sent * FRAME_MS - performance.now()));
    };
    next();
  }

  facts(): CallerFacts {
    const connections = this.#transports().map(({ connection }) => connection);
    const pairs = connections.flatMap(({ candidatePairs }) => candidatePairs);
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    const chosen = connections.find(({ nominated }) => nominated !== undefined)?.nominated;
    return {
      own: connections.flatMap(({ localCandidates }) => localCandidates.map(toPathCandidate)),
      offered: connections.flatMap(({ remoteCandidates }) => remoteCandidates.map(toPathCandidate)),
      checksSent: sum(
        pairs.map(({ requestsSent, retransmissionsSent }) => requestsSent + retransmissionsSent),
      ),
      checksAnswered: sum(pairs.map(({ responsesReceived }) => responsesReceived)),
      checksReceived: sum(pairs.map(({ requestsReceived }) => requestsReceived)),
      chosen: chosen && {
        own: toPathCandidate(chosen.localCandidate),
        other: toPathCandidate(chosen.remoteCandidate),
        roundTripMs: chosen.rtt === undefined ? undefined : chosen.rtt * 1000,
      },
      dtls: this.#pc.dtlsTransports[0]?.state ?? 'new',
    };
  }

  /** Packets each way, and those of them that were missing at first. */
  packets(): CallerPackets {
    return this.#camera.packets();
  }

  /** Ends the call. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearTimeout(this.#timer);
    this.removeAllListeners();
    await this.#pc.close();
  }

  #transports(): RTCIceTransport[] {
    return this.#pc.iceTransports;
  }

  #onResult(message: string): void {
    const parsed = detectionsSchema.safeParse(JSON.parse(message));
    if (parsed.success) this.emit('detections', parsed.data);
  }
}

function toPathCandidate({ host, port, type, transport }: Candidate): PathCandidate {
  return { address: host, port, type, transport: transport.toLowerCase() };
}

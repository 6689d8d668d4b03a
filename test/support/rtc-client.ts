import { EventEmitter, once } from 'node:events';
import {
  MediaStreamTrack,
  PictureLossIndication,
  type RTCDataChannel,
  RTCPeerConnection,
  type RTCRtpTransceiver,
  RtcpPayloadSpecificFeedback,
  useH264,
  useVP8,
} from 'werift';
import { CallerCamera } from '../../cli/webrtc/caller-camera.ts';
import type { EncodedFrame } from '../../peer/codec/encoder.ts';
import type { AccessUnit, VideoCodec } from '../../peer/rtp/packet.ts';
import { type Detections, detectionsSchema } from '../../protocol/detections.ts';
import { answerSchema } from '../../protocol/session.ts';

export interface RtcClientEvents {
  connected: [];
  detections: [detections: Detections];
  /** A whole frame of an annotated track, and which camera it belongs to. */
  frame: [unit: AccessUnit, camera: number];
}

export interface RtcClientOptions {
  readonly codec: VideoCodec;
  /** How many cameras are offered; 1 when left out. */
  readonly cameras?: number;
  /** Whether tracks are taken back. */
  readonly direction?: 'sendrecv' | 'sendonly';
  /** Leaves opening the data channel to the server. */
  readonly serverOpensChannel?: boolean;
  readonly settings?: Record<string, unknown>;
  /** Changes the offer on its way to the server. */
  readonly rewriteOffer?: (sdp: string) => string;
}

/** A caller without a browser: posts an offer, sends coded frames, receives the annotated ones and the results. */
export class RtcClient extends EventEmitter<RtcClientEvents> {
  readonly detections: Detections[] = [];
  /** The same before fields are dropped that the protocol does not know. */
  readonly rawDetections: unknown[] = [];
  /** Media sections in which a track came back. */
  readonly returned: string[] = [];
  readonly #pc: RTCPeerConnection;
  readonly #codec: VideoCodec;
  readonly #cameras: readonly CallerCamera[];
  #control: RTCDataChannel | undefined;
  sessionId = '';

  static async dial(url: string, options: RtcClientOptions): Promise<RtcClient> {
    const client = new RtcClient(options);
    await client.#call(url, options);
    return client;
  }

  private constructor(options: RtcClientOptions) {
    super();
    const { codec, serverOpensChannel = false, cameras = 1, direction = 'sendrecv' } = options;
    this.#codec = codec;
    this.#pc = new RTCPeerConnection({
      codecs: { video: [codec === 'H264' ? useH264() : useVP8()] },
      iceServers: [],
      iceUseIpv4: false,
      iceUseIpv6: false,
      iceAdditionalHostAddresses: ['127.0.0.1'],
    });
    this.#pc.onDataChannel.subscribe((channel) => this.#listen(channel));
    // A channel of another name makes the offer have a data section all the same.
    const own = this.#pc.createDataChannel(serverOpensChannel ? 'other' : 'detections');
    if (!serverOpensChannel) this.#listen(own);
    this.#cameras = Array.from({ length: cameras }, () => {
      const track = new MediaStreamTrack({ kind: 'video' });
      return new CallerCamera(this.#pc.addTransceiver(track, { direction }), codec);
    });
    this.#pc.ontrack = ({ track, transceiver }) => this.#onTrack(track, transceiver);
    this.#pc.connectionStateChange.subscribe((state) => {
      if (state === 'connected') this.emit('connected');
    });
  }

  async #call(url: string, { settings = {}, rewriteOffer }: RtcClientOptions): Promise<void> {
    await this.#pc.setLocalDescription(await this.#pc.createOffer());
    const sdp = this.#pc.localDescription?.sdp ?? '';
    const response = await fetch(`${url}/offer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'offer', sdp: rewriteOffer?.(sdp) ?? sdp, ...settings }),
    });
    if (!response.ok) throw new Error(`POST /offer answered ${response.status}: ${await response.text()}`);
    const answer = answerSchema.parse(await response.json());
    this.sessionId = answer.sessionId;
    const connected = once(this, 'connected');
    await this.#pc.setRemoteDescription({ type: 'answer', sdp: answer.sdp });
    await connected;
  }

  #listen(channel: RTCDataChannel): void {
    channel.onMessage.subscribe((message) => {
      const raw: unknown = JSON.parse(String(message));
      this.rawDetections.push(raw);
      const result = detectionsSchema.parse(raw);
      this.detections.push(result);
      this.emit('detections', result);
    });
  }

  #onTrack(track: MediaStreamTrack, transceiver: RTCRtpTransceiver): void {
    this.returned.push(transceiver.mid ?? '');
    const index = this.#cameras.findIndex((camera) => camera.transceiver === transceiver);
    track.onReceiveRtp.subscribe((packet) => {
      for (const unit of this.#camera(index).receive(packet)) this.emit('frame', unit, index);
    });
  }

  #camera(index: number): CallerCamera {
    const camera = this.#cameras[index];
    if (camera === undefined)
      throw new Error(`Expected a camera ${index}, there are ${this.#cameras.length}`);
    return camera;
  }

  /** Media section of a camera, as results name it. */
  mid(camera = 0): string {
    return this.#camera(camera).transceiver.mid ?? '';
  }

  /** Sends one coded frame. */
  async sendFrame(frame: Pick<EncodedFrame, 'data' | 'timestamp'>, camera = 0): Promise<void> {
    await this.#camera(camera).sendFrame(frame);
  }

  /** Sends any payload under the negotiated payload type. */
  async sendPacket(payload: Uint8Array, timestamp: number, marker: boolean, camera = 0): Promise<void> {
    await this.#camera(camera).sendPacket(payload, timestamp, marker);
  }

  /** Asks for a key frame under the SSRC of a camera (RFC 4585, section 6.3.1; RFC 5104, section 4.3.1). */
  async requestKeyframe(kind: 'PLI' | 'FIR', camera = 0): Promise<void> {
    if (kind === 'PLI') return this.#camera(camera).requestKeyframe();
    const { sender, receiver } = this.#camera(camera).transceiver;
    const feedback = fullIntraRequest(sender.ssrc, receiver.track.ssrc ?? 0);
    await receiver.dtlsTransport.sendRtcp([new RtcpPayloadSpecificFeedback({ feedback })]);
  }

  /** Sends a message on the `control` channel. @returns the answer */
  async control(message: object): Promise<unknown> {
    this.#control ??= this.#pc.createDataChannel('control');
    const channel = this.#control;
    if (channel.readyState !== 'open') await channel.stateChanged.watch((state) => state === 'open');
    const answer = channel.onMessage.asPromise();
    channel.send(JSON.stringify(message));
    const [text] = await answer;
    return JSON.parse(String(text));
  }

  /** The library's connection, for what no well-behaved caller does. */
  get connection(): RTCPeerConnection {
    return this.#pc;
  }

  get codec(): VideoCodec {
    return this.#codec;
  }

  async close(): Promise<void> {
    await this.#pc.close();
  }
}

/** FIR (RFC 5104, section 4.3.1), which the library reads and does not export. */
function fullIntraRequest(senderSsrc: number, ssrc: number): PictureLossIndication {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32BE(senderSsrc, 0);
  bytes.writeUInt32BE(ssrc, 8);
  const FIR = 4;
  return Object.assign(new PictureLossIndication({ senderSsrc, mediaSsrc: 0 }), {
    count: FIR,
    length: bytes.length / 4,
    serialize: () => bytes,
  });
}

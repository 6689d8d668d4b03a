import { EventEmitter, once } from 'node:events';
import {
  MediaStreamTrack,
  PictureLossIndication,
  type RTCDataChannel,
  RTCPeerConnection,
  type RTCRtpTransceiver,
  RtcpPayloadSpecificFeedback,
  RtpHeader,
  RtpPacket,
  useH264,
  useVP8,
} from 'werift';
import type { EncodedFrame } from '../../peer/codec/encoder.ts';
import type { AccessUnit, RtpPacketView, VideoCodec } from '../../peer/rtp/packet.ts';
import { createPacketizer, type Packetizer } from '../../peer/rtp/packetizer.ts';
import { VideoReceiver } from '../../peer/rtp/video-receiver.ts';
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

/** One camera of a caller, and the track that comes back in its place. */
interface Camera {
  readonly transceiver: RTCRtpTransceiver;
  readonly packetizer: Packetizer;
  readonly receiver: VideoReceiver;
  sequenceNumber: number;
}

/** A caller without a browser: posts an offer, sends coded frames, receives the annotated ones and the results. */
export class RtcClient extends EventEmitter<RtcClientEvents> {
  readonly detections: Detections[] = [];
  /** Media sections in which a track came back. */
  readonly returned: string[] = [];
  readonly #pc: RTCPeerConnection;
  readonly #codec: VideoCodec;
  readonly #cameras: readonly Camera[];
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
    this.#cameras = Array.from({ length: cameras }, () => ({
      transceiver: this.#pc.addTransceiver(new MediaStreamTrack({ kind: 'video' }), { direction }),
      packetizer: createPacketizer(codec),
      receiver: new VideoReceiver(codec),
      sequenceNumber: 65_500,
    }));
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
      const result = detectionsSchema.parse(JSON.parse(String(message)));
      this.detections.push(result);
      this.emit('detections', result);
    });
  }

  #onTrack(track: MediaStreamTrack, transceiver: RTCRtpTransceiver): void {
    this.returned.push(transceiver.mid ?? '');
    const index = this.#cameras.findIndex((camera) => camera.transceiver === transceiver);
    track.onReceiveRtp.subscribe(({ header, payload }) => {
      this.#onVideo(index, { ...pick(header), payload });
    });
  }

  #onVideo(index: number, packet: RtpPacketView): void {
    const { receiver } = this.#camera(index);
    const now = performance.now();
    for (const event of [...receiver.push(packet, now), ...receiver.tick(now)]) {
      if (event.type === 'frame') this.emit('frame', event.unit, index);
      // After a loss, as on a machine too busy to empty its sockets, the frames that follow cannot be used.
      if (event.type === 'keyframe-needed') void this.requestKeyframe('PLI', index);
    }
  }

  #camera(index: number): Camera {
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
  async sendFrame({ data, timestamp }: Pick<EncodedFrame, 'data' | 'timestamp'>, camera = 0): Promise<void> {
    for (const { payload, marker } of this.#camera(camera).packetizer.packetize(data))
      await this.sendPacket(payload, timestamp, marker, camera);
  }

  /** Sends any payload under the negotiated payload type. */
  async sendPacket(payload: Uint8Array, timestamp: number, marker: boolean, index = 0): Promise<void> {
    const camera = this.#camera(index);
    const { sequenceNumber } = camera;
    camera.sequenceNumber = (sequenceNumber + 1) & 0xffff;
    const header = new RtpHeader({ sequenceNumber, timestamp, marker });
    await camera.transceiver.sender.sendRtp(new RtpPacket(header, Buffer.from(payload)));
  }

  /** Asks for a key frame as browsers do: under the SSRC of the camera that they send (RFC 4585, section 6.1). */
  async requestKeyframe(kind: 'PLI' | 'FIR', camera = 0): Promise<void> {
    const { sender, receiver } = this.#camera(camera).transceiver;
    const mediaSsrc = receiver.track.ssrc ?? 0;
    const feedback =
      kind === 'PLI'
        ? new PictureLossIndication({ senderSsrc: sender.ssrc, mediaSsrc })
        : fullIntraRequest(sender.ssrc, mediaSsrc);
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

function pick({ sequenceNumber, timestamp, marker }: RtpHeader) {
  return { sequenceNumber, timestamp, marker };
}

import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import {
  MediaStreamTrack,
  RTCPeerConnection,
  type RTCRtpCodecParameters,
  type RTCRtpTransceiver,
  RtpHeader,
  RtpPacket,
  useOPUS,
  useVP8,
} from 'werift';
import { createPacketizer } from '../../peer/rtp/packetizer.ts';
import { answerSchema } from '../../protocol/session.ts';
import { syntheticFilm } from './coded-film.ts';

const AUDIO_MS = 20;
const FRAME_MS = 1000 / 30;

export interface AvClientOptions {
  readonly audioDirection?: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
  readonly audioCodec?: RTCRtpCodecParameters;
  /** Changes the offer on its way to the server. */
  readonly rewriteOffer?: (sdp: string) => string;
}

interface Stamped {
  readonly header: RtpHeader;
  readonly payload: Buffer;
  readonly at: number;
}

/** A caller without a browser that sends sound and picture and keeps what comes back, with the time it came. */
export class AvClient extends EventEmitter<{ connected: [] }> {
  readonly audio: Stamped[] = [];
  readonly video: Stamped[] = [];
  /** When a timestamp was sent: the packet of sound, or the last packet of the frame. */
  readonly audioSent = new Map<number, number>();
  readonly videoSent = new Map<number, number>();
  answer = '';
  sessionId = '';
  readonly #pc: RTCPeerConnection;
  readonly #microphone: RTCRtpTransceiver;
  readonly #camera: RTCRtpTransceiver;
  /** Packets of sound that have been, sent or not. */
  #audioPackets = 0;
  #audioSequence = 0;
  #videoPackets = 0;

  static async dial(url: string, options: AvClientOptions = {}): Promise<AvClient> {
    const client = new AvClient(options);
    await client.#call(url, options);
    return client;
  }

  private constructor({ audioDirection = 'sendrecv', audioCodec = useOPUS() }: AvClientOptions) {
    super();
    this.#pc = new RTCPeerConnection({
      codecs: { audio: [audioCodec], video: [useVP8()] },
      iceServers: [],
      iceUseIpv4: false,
      iceUseIpv6: false,
      iceAdditionalHostAddresses: ['127.0.0.1'],
    });
    this.#microphone = this.#pc.addTransceiver(new MediaStreamTrack({ kind: 'audio' }), {
      direction: audioDirection,
    });
    this.#camera = this.#pc.addTransceiver(new MediaStreamTrack({ kind: 'video' }), {
      direction: 'sendrecv',
    });
    this.#pc.ontrack = ({ track }) => {
      const kept = track.kind === 'audio' ? this.audio : this.video;
      track.onReceiveRtp.subscribe(({ header, payload }) => {
        kept.push({ header, payload, at: performance.now() });
      });
    };
    this.#pc.connectionStateChange.subscribe((state) => {
      if (state === 'connected') this.emit('connected');
    });
  }

  async #call(url: string, { rewriteOffer }: AvClientOptions): Promise<void> {
    await this.#pc.setLocalDescription(await this.#pc.createOffer());
    const sdp = this.#pc.localDescription?.sdp ?? '';
    const response = await fetch(`${url}/offer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'offer', sdp: rewriteOffer?.(sdp) ?? sdp }),
    });
    if (!response.ok) throw new Error(`POST /offer answered ${response.status}: ${await response.text()}`);
    const { sdp: answer, sessionId } = answerSchema.parse(await response.json());
    this.answer = answer;
    this.sessionId = sessionId;
    const connected = once(this, 'connected');
    await this.#pc.setRemoteDescription({ type: 'answer', sdp: this.answer });
    await connected;
  }

  /** Sends packets of 20 ms in real time; each bears its number. */
  async speak(packets: number): Promise<void> {
    const began = performance.now();
    for (let i = 1; i <= packets; i++) {
      const number = this.#audioPackets++;
      const timestamp = number * 960;
      const header = new RtpHeader({ sequenceNumber: this.#audioSequence++ & 0xffff, timestamp });
      this.audioSent.set(timestamp, performance.now());
      await this.#microphone.sender.sendRtp(new RtpPacket(header, Buffer.from([0xf8, number & 0xff])));
      await delay(Math.max(0, began + i * AUDIO_MS - performance.now()));
    }
  }

  /** Lets time pass on the clock of the sound, as a muted microphone does that sends nothing. */
  mute(packets: number): void {
    this.#audioPackets += packets;
  }

  /** Sends frames of a film in real time, the first at this timestamp. */
  async film(frames: number, firstTimestamp = 0): Promise<void> {
    const packetizer = createPacketizer('VP8');
    const film = await syntheticFilm('VP8', frames, firstTimestamp);
    const began = performance.now();
    for (const [index, { data, timestamp }] of film.entries()) {
      for (const { payload, marker } of packetizer.packetize(data)) {
        const header = new RtpHeader({ sequenceNumber: this.#videoPackets++ & 0xffff, timestamp, marker });
        await this.#camera.sender.sendRtp(new RtpPacket(header, Buffer.from(payload)));
      }
      this.videoSent.set(timestamp, performance.now());
      await delay(Math.max(0, began + (index + 1) * FRAME_MS - performance.now()));
    }
  }

  async close(): Promise<void> {
    await this.#pc.close();
  }
}

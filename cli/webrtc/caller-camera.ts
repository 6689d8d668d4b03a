import {
  PictureLossIndication,
  type RTCRtpTransceiver,
  RtcpPayloadSpecificFeedback,
  RtpHeader,
  RtpPacket,
} from 'werift';
import type { AccessUnit, VideoCodec } from '../../peer/rtp/packet.ts';
import { createPacketizer, type Packetizer } from '../../peer/rtp/packetizer.ts';
import { VideoReceiver } from '../../peer/rtp/video-receiver.ts';

/** Close to the wrap, so that every call crosses it. */
const FIRST_SEQUENCE_NUMBER = 65_500;

/** Packets of each way. What is `missed` was asked for again: it came late, a second time, or never. */
export interface CallerPackets {
  readonly there: { readonly packets: number; readonly missed: number };
  readonly back: { readonly packets: number; readonly missed: number };
}

/** One camera of a caller without a browser, and the annotated track that comes back in its place. */
export class CallerCamera {
  readonly transceiver: RTCRtpTransceiver;
  readonly #packetizer: Packetizer;
  readonly #receiver: VideoReceiver;
  #sequenceNumber = FIRST_SEQUENCE_NUMBER;
  #sent = 0;
  /** Sequence numbers that the server asked for, and those that were asked of it: 65,536 at most. */
  readonly #missedThere = new Set<number>();
  readonly #missedBack = new Set<number>();

  constructor(transceiver: RTCRtpTransceiver, codec: VideoCodec) {
    this.transceiver = transceiver;
    this.#packetizer = createPacketizer(codec);
    this.#receiver = new VideoReceiver(codec);
    transceiver.sender.onGenericNack.subscribe(({ lost }) => {
      for (const sequenceNumber of lost) this.#missedThere.add(sequenceNumber);
    });
  }

  /** Sends one coded frame. `timestamp`: RTP, 90 kHz. */
  async sendFrame({ data, timestamp }: Pick<AccessUnit, 'data' | 'timestamp'>): Promise<void> {
    for (const { payload, marker } of this.#packetizer.packetize(data))
      await this.sendPacket(payload, timestamp, marker);
  }

  /** Sends any payload under the negotiated payload type. */
  async sendPacket(payload: Uint8Array, timestamp: number, marker: boolean): Promise<void> {
    const sequenceNumber = this.#sequenceNumber;
    this.#sequenceNumber = (sequenceNumber + 1) & 0xffff;
    this.#sent += 1;
    const header = new RtpHeader({ sequenceNumber, timestamp, marker });
    await this.transceiver.sender.sendRtp(new RtpPacket(header, Buffer.from(payload)));
  }

  /** Takes a packet of the track that comes back. @returns the frames that are whole by now */
  receive({ header: { sequenceNumber, timestamp, marker }, payload }: RtpPacket): AccessUnit[] {
    const now = performance.now();
    const packet = { sequenceNumber, timestamp, marker, payload };
    const frames: AccessUnit[] = [];
    for (const event of [...this.#receiver.push(packet, now), ...this.#receiver.tick(now)]) {
      if (event.type === 'frame') frames.push(event.unit);
      // The library asks for them; here they are counted.
      if (event.type === 'nack') for (const missed of event.sequenceNumbers) this.#missedBack.add(missed);
      // After a loss, as on a machine too busy to empty its sockets, the frames that follow cannot be used.
      if (event.type === 'keyframe-needed') void this.requestKeyframe();
    }
    return frames;
  }

  /** Asks for a key frame as browsers do: under the SSRC of the camera that they send (RFC 4585, section 6.1). */
  async requestKeyframe(): Promise<void> {
    const { sender, receiver } = this.transceiver;
    const feedback = new PictureLossIndication({
      senderSsrc: sender.ssrc,
      mediaSsrc: receiver.track.ssrc ?? 0,
    });
    await receiver.dtlsTransport.sendRtcp([new RtcpPayloadSpecificFeedback({ feedback })]);
  }

  packets(): CallerPackets {
    const { packetsReceived, packetsLost } = this.#receiver.stats();
    return {
      there: { packets: this.#sent, missed: this.#missedThere.size },
      back: { packets: packetsReceived + packetsLost, missed: this.#missedBack.size },
    };
  }
}

import { type RTCDtlsTransport, type RTCRtpTransceiver, RtpHeader } from 'werift';
import type { Logger } from '../log.ts';
import type { SentPacket } from '../rtp/retransmission-history.ts';
import { MID_EXTENSION, TRANSPORT_SEQUENCE_EXTENSION } from './header-extensions.ts';

type Extensions = RtpHeader['extensions'];

const ORIGINAL_SEQUENCE_BYTES = 2;

/**
 * Writes the packets of one outgoing video stream and of its retransmissions. The library's sender would answer
 * every NACK at once and without bound, under the transport-wide number of the first sending, so that neither the
 * pacer nor the estimate would know of it.
 */
export class OutgoingStream {
  readonly #transceiver: RTCRtpTransceiver;
  readonly #payloadType: number;
  readonly #log: Logger;
  #rtxSequenceNumber = Math.floor(Math.random() * 0x1_0000);

  constructor(transceiver: RTCRtpTransceiver, payloadType: number, log: Logger) {
    this.#transceiver = transceiver;
    this.#payloadType = payloadType;
    this.#log = log;
  }

  get ssrc(): number {
    return this.#transceiver.sender.ssrc;
  }

  /** @returns bytes that the packet has before it is protected; 0 where nothing can be sent now */
  send({ payload, sequenceNumber, timestamp, marker }: SentPacket): number {
    const payloadType = this.#payloadType;
    return this.#write(payload, { payloadType, sequenceNumber, timestamp, marker, ssrc: this.ssrc });
  }

  /** As RFC 4588 says where the other side takes it, else as it was. @returns as `send` */
  resend(packet: SentPacket): number {
    const { rtxPayloadType, rtxSsrc } = this.#rtx();
    if (rtxPayloadType === undefined) return this.send(packet);
    const { payload, sequenceNumber, timestamp, marker } = packet;
    const wrapped = Buffer.allocUnsafe(ORIGINAL_SEQUENCE_BYTES + payload.length);
    wrapped.writeUInt16BE(sequenceNumber);
    wrapped.set(payload, ORIGINAL_SEQUENCE_BYTES);
    this.#rtxSequenceNumber = (this.#rtxSequenceNumber + 1) & 0xffff;
    const header = { payloadType: rtxPayloadType, sequenceNumber: this.#rtxSequenceNumber, ssrc: rtxSsrc };
    return this.#write(wrapped, { ...header, timestamp, marker });
  }

  #rtx(): { rtxPayloadType: number | undefined; rtxSsrc: number } {
    const { sender } = this.#transceiver;
    return { rtxPayloadType: sender['rtxPayloadType'], rtxSsrc: sender['rtxSsrc'] };
  }

  #write(payload: Uint8Array, fields: Partial<RtpHeader>): number {
    const { sender } = this.#transceiver;
    const { dtlsTransport } = sender;
    if (dtlsTransport?.state !== 'connected') return 0;
    const header = new RtpHeader({ ...fields, extensions: this.#extensions(dtlsTransport) });
    const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
    // A packet that cannot leave is lost like any other; the connection's state says when it is for good.
    dtlsTransport
      .sendRtp(bytes, header)
      .catch((error: unknown) => this.#log.debug({ error }, 'Packet not sent'));
    sender['packetCount'] = (sender['packetCount'] + 1) >>> 0;
    sender['octetCount'] += payload.length;
    return header.serializeSize + payload.length;
  }

  #extensions(transport: RTCDtlsTransport): Extensions {
    const { sender, mid } = this.#transceiver;
    const extensions: Extensions = [];
    for (const { id, uri } of sender['headerExtensions']) {
      if (uri === MID_EXTENSION && mid) extensions.push({ id, payload: Buffer.from(mid) });
      if (uri === TRANSPORT_SEQUENCE_EXTENSION) {
        transport.transportSequenceNumber = (transport.transportSequenceNumber + 1) & 0xffff;
        const payload = Buffer.allocUnsafe(2);
        payload.writeUInt16BE(transport.transportSequenceNumber);
        extensions.push({ id, payload });
      }
    }
    return extensions.sort((a, b) => a.id - b.id);
  }
}

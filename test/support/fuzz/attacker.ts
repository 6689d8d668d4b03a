import { createHmac } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import type { Address, Connection, RTCDataChannel, RTCDtlsTransport, RtpHeader } from 'werift';
import { createLogger } from '../../../peer/log.ts';
import { rtpHeaderLength } from '../../../peer/rtp/rtp-header.ts';
import { RefusalCounter } from '../../../peer/transport/refusal-counter.ts';
import { gateSctp } from '../../../peer/transport/sctp-gate.ts';
import { RtcClient } from '../rtc-client.ts';
import type { CallNames } from './corpus.ts';
import { crc32c } from './crc32c.ts';

const FIXED_RTP_BYTES = 12;
const SCTP_HEADER_BYTES = 12;
const INTEGRITY = 0x0008;
const INTEGRITY_BYTES = 24;
const STUN_HEADER_BYTES = 20;

/** A caller with a real call who sends what it likes in each layer of it, properly wrapped in those below. */
export class Attacker {
  readonly client: RtcClient;
  readonly #outside: Socket = createSocket('udp4');
  readonly #channels: readonly RTCDataChannel[];
  #tsn: number;
  #sequenceNumber = 1000;

  static async dial(url: string): Promise<Attacker> {
    return new Attacker(await RtcClient.dial(url, { codec: 'VP8' }));
  }

  private constructor(client: RtcClient) {
    this.client = client;
    this.#outside.unref();
    const labels = ['control', 'control', '', 'odd', '\u0000', 'x'.repeat(500), '😀'];
    this.#channels = labels.map((label) => client.connection.createDataChannel(label));
    this.#tsn = this.#sctp['localTsn'];
    // What is answered to the attacker is not what it expects either.
    const { sctpTransport } = client.connection;
    if (sctpTransport) gateSctp(sctpTransport, new RefusalCounter(), createLogger('silent', 'attacker'));
  }

  get #transport(): RTCDtlsTransport {
    const [transport] = this.client.connection.dtlsTransports;
    if (transport === undefined) throw new Error('Expected a DTLS transport');
    return transport;
  }

  get #ice(): Connection {
    return this.#transport.iceTransport.connection as Connection;
  }

  get #sctp() {
    const transport = this.client.connection.sctpTransport;
    if (!transport) throw new Error('Expected an SCTP transport');
    return transport.sctp;
  }

  get names(): CallNames {
    const [transceiver] = this.client.connection.getTransceivers();
    const [codec] = transceiver?.codecs ?? [];
    if (transceiver === undefined || codec === undefined) throw new Error('Expected a video section');
    const remote = /a=ssrc:(\d+)/.exec(this.client.connection.remoteDescription?.sdp ?? '');
    return {
      payloadType: codec.payloadType,
      rtxPayloadType: transceiver.codecs.find(({ mimeType }) => mimeType.endsWith('/rtx'))?.payloadType,
      localSsrc: transceiver.sender.ssrc,
      remoteSsrc: Number(remote?.[1] ?? 0),
      midExtension: transceiver.headerExtensions.find(({ uri }) => uri.endsWith(':mid'))?.id ?? 1,
    };
  }

  /** `ufrag of the server:ufrag of the client`, as binding requests of this call have it. */
  get userName(): string {
    return `${this.#ice['remoteUsername']}:${this.#ice.localUsername}`;
  }

  /** The packet with the number that is next in its stream. */
  placeRtp(packet: Buffer): Buffer {
    if (packet.length < FIXED_RTP_BYTES) return packet;
    const placed = Buffer.from(packet);
    placed.writeUInt16BE(this.#sequenceNumber, 2);
    this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff;
    return placed;
  }

  /** An RTP packet, protected as it is; a header that ends nowhere is taken for a fixed one. */
  protectRtp(packet: Buffer): Buffer {
    const whole = Buffer.concat([packet, Buffer.alloc(Math.max(0, FIXED_RTP_BYTES - packet.length))]);
    const length = rtpHeaderLength(whole) ?? FIXED_RTP_BYTES;
    const header = {
      ssrc: whole.readUInt32BE(8),
      sequenceNumber: whole.readUInt16BE(2),
      serializeSize: length,
      serialize: () => whole.subarray(0, length),
    };
    const { srtp } = this.#transport;
    // Numbers that jump would have the two sides count other roll-overs, and nothing would be authentic any more.
    delete srtp['localContext']['srtpSSRCStates'][header.ssrc];
    return srtp.encrypt(whole.subarray(length), header as unknown as RtpHeader);
  }

  /** An RTCP packet, protected as it is. */
  protectRtcp(packet: Buffer): Buffer {
    return this.#transport.srtcp.encrypt(
      Buffer.concat([packet, Buffer.alloc(Math.max(0, 8 - packet.length))]),
    );
  }

  /** A STUN message of the right length, and with the right integrity, whatever it says. */
  signStun(message: Buffer): Buffer {
    if (message.length < STUN_HEADER_BYTES) return message;
    const signed = Buffer.concat([message, Buffer.alloc(-message.length & 3)]);
    signed.writeUInt16BE(signed.length - STUN_HEADER_BYTES + INTEGRITY_BYTES, 2);
    const attribute = Buffer.from([0, INTEGRITY, 0, INTEGRITY_BYTES - 4]);
    const key = Buffer.from(this.#ice['remotePassword']);
    return Buffer.concat([signed, attribute, createHmac('sha1', key).update(signed).digest()]);
  }

  /** From the socket of the call. */
  sendDatagram(datagram: Buffer): Promise<void> {
    const { nominated } = this.#ice;
    return nominated ? nominated.protocol.sendData(datagram, nominated.remoteAddr) : Promise.resolve();
  }

  /** From a socket that the call knows nothing of. */
  sendFromOutside(datagram: Buffer): void {
    const { nominated } = this.#ice;
    if (nominated) this.#outside.send(datagram, nominated.remoteAddr[1], nominated.remoteAddr[0]);
  }

  /** From so many sockets that the call knows nothing of. */
  async sendFromMany(count: number, make: (index: number) => Buffer): Promise<void> {
    const { nominated } = this.#ice;
    if (!nominated) return;
    const [address, port] = nominated.remoteAddr;
    for (let index = 0; index < count; index++) {
      const socket = createSocket('udp4');
      await new Promise((sent) => socket.send(make(index), port, address, sent));
      socket.close();
    }
  }

  /** Where the server takes media of this call. */
  get serverAddress(): Address {
    const { nominated } = this.#ice;
    if (!nominated) throw new Error('Expected a path');
    return nominated.remoteAddr;
  }

  /** Keeps every report on what comes from the server. @returns undoes it */
  silenceFeedback(): () => void {
    const transport = this.#transport;
    const send = transport.sendRtcp;
    transport.sendRtcp = async () => {};
    return () => {
      transport.sendRtcp = send;
    };
  }

  /** Acknowledges nothing more of what comes over SCTP. */
  stopAcknowledging(): void {
    this.#sctp['scheduleSack'] = async () => {};
  }

  /** SCTP chunks in a packet with the right tag and checksum; a DATA chunk at the start gets the number that is next. */
  async sendChunks(chunks: Buffer): Promise<void> {
    const sctp = this.#sctp;
    const packet = Buffer.concat([Buffer.alloc(SCTP_HEADER_BYTES), chunks]);
    packet.writeUInt16BE(5000, 0);
    packet.writeUInt16BE(5000, 2);
    packet.writeUInt32BE(chunks[0] === 1 ? 0 : sctp['remoteVerificationTag'], 4);
    if (chunks[0] === 0 && chunks.length >= 8) {
      packet.writeUInt32BE(this.#tsn, SCTP_HEADER_BYTES + 4);
      this.#tsn = (this.#tsn + 1) >>> 0;
    }
    packet.writeUInt32LE(crc32c(packet), 8);
    await this.#transport.sendData(packet);
  }

  /** A message on one of the channels, or under a protocol and on a stream of any number. */
  async sendMessage(
    message: Buffer,
    where: { channel: number } | { stream: number; protocol: number },
  ): Promise<void> {
    if ('stream' in where) {
      await this.#sctp.send(where.stream, where.protocol, message);
      return;
    }
    const channel = this.#channels[where.channel % this.#channels.length];
    if (channel?.readyState === 'open')
      channel.send(where.channel % 2 === 0 ? message.toString('latin1') : message);
  }

  async close(): Promise<void> {
    this.#outside.close();
    await this.client.close();
  }
}

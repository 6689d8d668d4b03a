import {
  GenericNack,
  Message,
  PictureLossIndication,
  ReceiverEstimatedMaxBitrate,
  RtcpPayloadSpecificFeedback,
  RtcpReceiverInfo,
  RtcpRrPacket,
  RtcpSenderInfo,
  RtcpSourceDescriptionPacket,
  RtcpSrPacket,
  RtcpTransportLayerFeedback,
  RtpHeader,
  RtpPacket,
  SourceDescriptionChunk,
  SourceDescriptionItem,
} from 'werift';
import type { EncodedFrame } from '../../../peer/codec/encoder.ts';
import { TransportFeedbackGenerator } from '../../../peer/rtp/congestion/transport-feedback-generator.ts';
import { transportFeedbackPacket } from '../../../peer/rtp/congestion/transport-feedback-packet.ts';
import type { VideoCodec } from '../../../peer/rtp/packet.ts';
import { createPacketizer } from '../../../peer/rtp/packetizer.ts';

/** Who talks to whom, as valid messages of one call name it. */
export interface CallNames {
  readonly payloadType: number;
  readonly rtxPayloadType: number | undefined;
  /** SSRC of the client's stream, and of the one that comes back. */
  readonly localSsrc: number;
  readonly remoteSsrc: number;
  /** Extension id of the media section's name. */
  readonly midExtension: number;
}

/** The packets of some frames; one with CSRCs, one with a two-byte extension, one with padding, one a retransmission. */
export function rtpCorpus(codec: VideoCodec, film: readonly EncodedFrame[], names: CallNames): Buffer[] {
  const packetizer = createPacketizer(codec);
  const base = { payloadType: names.payloadType, ssrc: names.localSsrc };
  const mid = { id: names.midExtension, payload: Buffer.from('0') };
  let sequenceNumber = 1;
  const packets = film.slice(0, 6).flatMap(({ data, timestamp }) =>
    packetizer.packetize(data).map(({ payload, marker }) => {
      const header = new RtpHeader({
        ...base,
        timestamp,
        marker,
        sequenceNumber: sequenceNumber++,
        extensions: [mid],
      });
      return new RtpPacket(header, Buffer.from(payload)).serialize();
    }),
  );
  const payload = Buffer.from([0x90, 0x80, 0x01, 0x10, 0x02, 0x00]);
  const odd = [
    new RtpHeader({ ...base, csrc: [1, 2, 3], csrcLength: 3 }),
    new RtpHeader({ ...base, extensionProfile: 0x1000, extension: true, extensions: [mid] }),
    new RtpHeader({ ...base, padding: true, paddingSize: 4 }),
    new RtpHeader({ ...base, payloadType: names.rtxPayloadType ?? 97, ssrc: (names.localSsrc ^ 1) >>> 0 }),
    new RtpHeader({ ...base, ssrc: names.remoteSsrc }),
  ];
  return [...packets, ...odd.map((header) => new RtpPacket(header, payload).serialize())];
}

/** Each kind of RTCP that the server understands, alone and in compounds. */
export function rtcpCorpus({ localSsrc, remoteSsrc }: CallNames): Buffer[] {
  const report = new RtcpReceiverInfo({
    ssrc: remoteSsrc,
    fractionLost: 0,
    packetsLost: 0,
    highestSequence: 100,
    jitter: 1,
    lsr: 0,
    dlsr: 0,
  });
  const senderInfo = new RtcpSenderInfo({
    ntpTimestamp: 0xe000000000000000n,
    rtpTimestamp: 1,
    packetCount: 1,
    octetCount: 100,
  });
  const about = { senderSsrc: localSsrc, mediaSsrc: remoteSsrc };
  const generator = new TransportFeedbackGenerator();
  for (let number = 0; number < 40; number++) generator.onPacket(number * 2, number * 7);
  const alone = [
    new RtcpSrPacket({ ssrc: localSsrc, senderInfo, reports: [report] }),
    new RtcpRrPacket({ ssrc: localSsrc, reports: [report] }),
    new RtcpSourceDescriptionPacket({
      chunks: [
        new SourceDescriptionChunk({
          source: localSsrc,
          items: [new SourceDescriptionItem({ type: 1, text: 'fuzz' })],
        }),
      ],
    }),
    new RtcpTransportLayerFeedback({
      feedback: new GenericNack({
        senderSsrc: localSsrc,
        mediaSourceSsrc: remoteSsrc,
        lost: [1, 2, 5, 400],
      }),
    }),
    new RtcpPayloadSpecificFeedback({ feedback: new PictureLossIndication(about) }),
    new RtcpPayloadSpecificFeedback({
      feedback: new ReceiverEstimatedMaxBitrate({
        ...about,
        mediaSsrc: 0,
        ssrcNum: 1,
        brExp: 4,
        brMantissa: 60_000,
        ssrcFeedbacks: [remoteSsrc],
      }),
    }),
  ].map((packet) => packet.serialize());
  const feedback = generator
    .due(1000)
    .map((control) => Buffer.from(transportFeedbackPacket(localSsrc, remoteSsrc, control)));
  const fullIntraRequest = Buffer.alloc(20);
  fullIntraRequest.set([0x84, 206, 0, 4]);
  fullIntraRequest.writeUInt32BE(localSsrc, 4);
  fullIntraRequest.writeUInt32BE(remoteSsrc, 12);
  const goodbye = Buffer.from([0x81, 203, 0, 1, 0, 0, 0, 0]);
  goodbye.writeUInt32BE(localSsrc, 4);
  const all = [...alone, ...feedback, fullIntraRequest, goodbye];
  return [...all, Buffer.concat(all.slice(0, 3)), Buffer.concat(all)];
}

/** Binding requests of the call and what else is STUN, without integrity. */
export function stunCorpus(userName: string): Buffer[] {
  const request = (method: number, messageClass: number) =>
    new Message(method, messageClass)
      .setAttribute('USERNAME', userName)
      .setAttribute('PRIORITY', 1_853_693_695)
      .setAttribute('ICE-CONTROLLING', 1n);
  const BINDING = 1;
  const ALLOCATE = 3;
  return [
    request(BINDING, 0x0000).bytes,
    request(BINDING, 0x0000).setAttribute('USE-CANDIDATE', null).bytes,
    new Message(BINDING, 0x0000)
      .setAttribute('USERNAME', userName)
      .setAttribute('PRIORITY', 1)
      .setAttribute('ICE-CONTROLLED', 2n).bytes,
    request(BINDING, 0x0100).setAttribute('XOR-MAPPED-ADDRESS', ['127.0.0.1', 9]).bytes,
    request(BINDING, 0x0110).setAttribute('ERROR-CODE', [487, 'Role Conflict']).bytes,
    request(BINDING, 0x0010).bytes,
    request(ALLOCATE, 0x0000).bytes,
  ];
}

/** DTLS records (RFC 6347, section 4.1) in the clear and of the next epoch. */
export function dtlsCorpus(): Buffer[] {
  const record = (type: number, epoch: number, body: Buffer) => {
    const header = Buffer.from([type, 0xfe, 0xfd, 0, epoch, 0, 0, 0, 0, 0, 9, 0, 0]);
    header.writeUInt16BE(body.length, 11);
    return Buffer.concat([header, body]);
  };
  const handshake = (type: number, length: number, body: Buffer) => {
    const header = Buffer.from([type, 0, 0, length, 0, 0, 0, 0, 0, 0, 0, body.length]);
    return record(22, 0, Buffer.concat([header, body]));
  };
  const hello = Buffer.concat([
    Buffer.from([0xfe, 0xfd]),
    Buffer.alloc(32, 7),
    Buffer.from([0, 0, 0, 2, 0xc0, 0x2b, 1, 0]),
  ]);
  return [
    record(21, 0, Buffer.from([1, 0])),
    record(21, 0, Buffer.from([2, 40])),
    record(21, 1, Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, ...Buffer.alloc(18)])),
    record(20, 0, Buffer.from([1])),
    record(23, 1, Buffer.alloc(60, 3)),
    record(22, 1, Buffer.alloc(60, 3)),
    handshake(1, hello.length, hello),
    handshake(1, 200, hello),
    handshake(2, hello.length, hello),
    handshake(3, 3, Buffer.from([0xfe, 0xfd, 0])),
    handshake(20, 12, Buffer.alloc(12, 1)),
    handshake(14, 0, Buffer.alloc(0)),
  ];
}

/** SCTP chunks (RFC 9260, section 3.3) that may come in an association, without the common header. */
export function sctpCorpus(): Buffer[] {
  const chunk = (type: number, flags: number, body: number[]) => {
    const bytes = Buffer.alloc((4 + body.length + 3) & ~3);
    bytes.set([type, flags, 0, 4 + body.length]);
    bytes.set(body, 4);
    return bytes;
  };
  const data = (stream: number, protocol: number, message: number[], flags = 3) =>
    chunk(0, flags, [0, 0, 0, 1, 0, stream, 0, 0, 0, 0, 0, protocol, ...message]);
  const open = (label: string) => [3, 0, 0, 0, 0, 0, 0, 0, 0, label.length, 0, 0, ...Buffer.from(label)];
  return [
    data(2, 50, open('odd')),
    data(4, 50, open('control')),
    data(6, 50, [2]),
    data(0, 51, [...Buffer.from('{"type":"configure"}')]),
    data(0, 54, [1, 2, 3]),
    data(0, 53, [1, 2, 3], 2),
    data(0, 53, [1, 2, 3], 0),
    chunk(3, 0, [0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1, 0, 2, 0, 3, 0, 0, 0, 9]),
    chunk(4, 0, [0, 1, 0, 8, 1, 2, 3, 4]),
    chunk(5, 0, [0, 1, 0, 8, 1, 2, 3, 4]),
    chunk(9, 0, [0, 1, 0, 8, 0, 1, 0, 0]),
    chunk(192, 0, [0, 0, 0, 9, 0, 1, 0, 2]),
    chunk(130, 0, [0, 13, 0, 18, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 2]),
    chunk(130, 0, [0, 16, 0, 12, 0, 0, 0, 1, 0, 0, 0, 1]),
    chunk(1, 0, [0, 0, 0, 9, 0, 1, 0, 0, 0, 9, 0, 9, 0, 0, 0, 1, 0x80, 8, 0, 6, 192, 130]),
    chunk(10, 0, [1, 2, 3, 4]),
    chunk(11, 0, []),
  ];
}

/** Messages of data channels; the first two are what `control` takes. */
export function dataCorpus(): Buffer[] {
  return [
    '{"type":"configure","id":1,"threshold":0.5}',
    '{"type":"configure","id":"a","output":"data"}',
    '{"type":"detections","v":1,"objects":[]}',
    `{"type":"configure","__proto__":{"x":1}}`,
    '[]',
    'null',
    `${'['.repeat(2000)}${']'.repeat(2000)}`.slice(0, 1200),
    '',
    '\x03\x00\x00\x00\x00\x00\x00\x00\x00\x03\x00\x00odd',
    '\x03\x82\x00\x00\x00\x00\x00\x09\x00\x07\x00\x02control.x',
    '\x02',
  ].map((text) => Buffer.from(text, 'latin1'));
}

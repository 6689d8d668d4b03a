import { describe, expect, it } from 'vitest';
import { answerControl } from '../../peer/control.ts';
import { parseTransportFeedback } from '../../peer/rtp/congestion/parse-transport-feedback.ts';
import type { IncomingCodec } from '../../peer/rtp/packet.ts';
import { readCompound } from '../../peer/rtp/rtcp-compound.ts';
import { rtpHeaderLength } from '../../peer/rtp/rtp-header.ts';
import { VideoReceiver } from '../../peer/rtp/video-receiver.ts';
import { isSoundSctp } from '../../peer/transport/sctp-check.ts';
import { SightlineError } from '../../protocol/errors.ts';
import { parseFragment } from '../../protocol/ice.ts';
import { currentSettings } from '../support/fake-peer.ts';
import { dataCorpus, rtcpCorpus, sctpCorpus } from '../support/fuzz/corpus.ts';
import { randomOf } from '../support/fuzz/fuzz.ts';
import { below, mutate, type Random } from '../support/fuzz/mutate.ts';

const COUNT = 2000;
const SEED = 1;
const names = { payloadType: 96, rtxPayloadType: 97, localSsrc: 1, remoteSsrc: 2, midExtension: 1 };
const bytes = (hex: string) => Buffer.from(hex, 'hex');

/** The beginning of frames as each codec has them in RTP: its descriptor or aggregation header and some data. */
const payloads: Record<IncomingCodec, readonly Buffer[]> = {
  VP8: [bytes('9080011050420030009d012a80020001'), bytes('90800210310200'), bytes('80ff8001e0ff')],
  H264: [
    bytes('6742c01f8c8d40'),
    bytes('78000367420100046588842101'),
    bytes('7c8588842101'),
    bytes('7c4501020304'),
  ],
  VP9: [bytes('ac8100018183498342'), bytes('8a800101830102030405'), bytes('ff8001ff2010ff')],
  AV1: [bytes('180a0b00000024c4ffdf3f'), bytes('2803320102034005ff'), bytes('c0030a0b0c')],
};
const fragment = [
  'a=ice-options:trickle ice2',
  'm=video 9 UDP/TLS/RTP/SAVPF 0',
  'a=mid:0',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:abcdefghijklmnopqrstuvwx',
  'a=candidate:1 1 udp 2122260223 127.0.0.1 9 typ host',
  'a=end-of-candidates',
].join('\r\n');

function messages(corpus: readonly Buffer[]): { message: Buffer; random: Random }[] {
  return Array.from({ length: COUNT }, (_, index) => {
    const random = randomOf(SEED, index);
    return { message: mutate(corpus, random), random };
  });
}

describe('under fuzzing', () => {
  it('mutate() makes the same message of the same seed, and another of another', () => {
    const make = (seed: number) => mutate(rtcpCorpus(names), randomOf(seed, 7)).toString('hex');
    expect(make(1)).toBe(make(1));
    expect(make(1)).not.toBe(make(2));
  });

  it.each(Object.keys(payloads) as IncomingCodec[])(
    'VideoReceiver of %s only counts what it cannot read',
    (codec) => {
      const receiver = new VideoReceiver(codec);
      let timestamp = 0;
      for (const [index, { message, random }] of messages(payloads[codec]).entries()) {
        if (random() < 0.4) timestamp += 3000;
        const sequenceNumber = (index + (random() < 0.1 ? below(random, 0x10000) : 0)) & 0xffff;
        receiver.push({ sequenceNumber, timestamp, marker: random() < 0.4, payload: message }, index * 5);
      }
      const { packetsReceived, packetsMalformed, packetsWaiting } = receiver.stats();
      expect(packetsReceived).toBeGreaterThan(COUNT / 2);
      expect(packetsMalformed).toBeGreaterThan(0);
      expect(packetsWaiting).toBeLessThan(COUNT);
    },
  );

  it('rtpHeaderLength() never points beyond the packet', () => {
    const corpus = [
      bytes('9060000100000001000000012222bede00021030ff000000aabb'),
      bytes('8360000100000001000000010000000100000002000000030102'),
    ];
    for (const { message } of messages(corpus)) {
      expect(rtpHeaderLength(message) ?? 0).toBeLessThanOrEqual(message.length);
    }
  });

  it('readCompound() gives out packets whose length is what their header says', () => {
    let understood = 0;
    for (const { message } of messages(rtcpCorpus(names))) {
      const { packets } = readCompound(message);
      understood += packets.length;
      for (const packet of packets) {
        expect(packet.length).toBe((Buffer.from(packet).readUInt16BE(2) + 1) * 4);
        expect((packet[0] ?? 0) >> 6).toBe(2);
      }
    }
    expect(understood).toBeGreaterThan(COUNT / 10);
  });

  it('parseTransportFeedback() reports on as many packets as the message says, or is undefined', () => {
    const corpus = rtcpCorpus(names).map((packet) => packet.subarray(12));
    for (const { message } of messages(corpus)) {
      const feedback = parseTransportFeedback(message);
      if (feedback) expect(feedback.packets).toHaveLength(message.readUInt16BE(2));
    }
  });

  it('isSoundSctp() takes some and refuses some, and comes to an end', () => {
    const room = { lastTsn: 0, maxAhead: 1000, takesStream: () => true };
    const verdicts = messages(sctpCorpus()).map(({ message }) =>
      isSoundSctp(Buffer.concat([Buffer.alloc(12), message]), room),
    );
    expect(new Set(verdicts)).toEqual(new Set([true, false]));
  });

  it('answerControl() answers with what is wrong', async () => {
    for (const { message } of messages(dataCorpus())) {
      const reply = await answerControl(message.toString('latin1'), async () => currentSettings());
      expect(['configured', 'error']).toContain(reply.type);
    }
  });

  it('parseFragment() throws nothing but a known error', () => {
    for (const { message } of messages([Buffer.from(fragment)])) {
      try {
        parseFragment(message.toString('latin1'));
      } catch (error) {
        expect(error).toBeInstanceOf(SightlineError);
      }
    }
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IncomingCodec } from '../../../peer/rtp/packet.ts';
import { timestampDistance } from '../../../peer/rtp/sequence.ts';
import { VideoReceiver } from '../../../peer/rtp/video-receiver.ts';
import { hex, packet, seededRandom } from './packets.ts';
import { type Link, SimulatedCall } from './simulated-call.ts';

const PERFECT: Link = { seed: 1, loss: 0, duplication: 0, jitterMs: 0, rttMs: 40, retransmits: true };

/** Every frame is as it was sent, in order, and stands right behind the one it refers to. */
function expectDecodable(call: SimulatedCall): void {
  let previous = { index: -1, timestamp: 0 };
  for (const { data, timestamp, keyframe } of call.received) {
    const sent = call.sent.get(timestamp);
    expect(sent && Buffer.compare(sent.data, data)).toBe(0);
    expect(keyframe).toBe(sent?.keyframe);
    const index = sent?.index ?? Number.NaN;
    if (keyframe) expect(index).toBeGreaterThan(previous.index);
    else expect(index).toBe(previous.index + 1);
    if (previous.index >= 0) expect(timestampDistance(previous.timestamp, timestamp)).toBeGreaterThan(0);
    previous = { index, timestamp };
  }
}

/** Turns a payload into one that begins no frame of this codec. */
const spoilers: Record<IncomingCodec, (header: number) => number> = {
  // A partition that is not the first
  VP8: () => 0x91,
  // The forbidden bit
  H264: (header) => header | 0x80,
  // Not the start of a frame
  VP9: (header) => header & ~0x08,
  // A new sequence in the middle of an OBU
  AV1: (header) => header | 0x88,
};

describe.each(['VP8', 'H264', 'VP9', 'AV1'] as const)('VideoReceiver of %s', (codec) => {
  it('hands out every frame of a perfect link, and asks for nothing', () => {
    const call = new SimulatedCall(codec, PERFECT);
    call.run(3000);
    call.drain();
    expect(call.received.length).toBe(call.sent.size);
    expectDecodable(call);
    expect(call.receiver.stats()).toMatchObject({
      packetsLost: 0,
      packetsAsked: 0,
      keyframes: 1,
      keyframesAsked: 0,
    });
  });

  it('repairs loss by retransmissions, without another key frame', () => {
    const call = new SimulatedCall(codec, { ...PERFECT, rttMs: 10 });
    call.run(100);
    call.link = { loss: 0.03 };
    call.run(6000);
    call.link = { loss: 0 };
    call.run(500);
    call.drain();
    expectDecodable(call);
    expect(call.received.length).toBe(call.sent.size);
    const stats = call.receiver.stats();
    expect(stats.packetsAsked).toBeGreaterThan(5);
    expect(stats).toMatchObject({ packetsLost: 0, framesBroken: 0, keyframes: 1, keyframesAsked: 0 });
  });

  it('asks for a key frame where nothing is sent again, and goes on with it', () => {
    const call = new SimulatedCall(codec, { ...PERFECT, loss: 0.02, retransmits: false });
    call.run(6000);
    call.link = { loss: 0 };
    call.run(3000);
    expectDecodable(call);
    const stats = call.receiver.stats();
    expect(stats.framesBroken).toBeGreaterThan(3);
    expect(stats.keyframes).toBeGreaterThan(2);
    expect(stats.keyframesAsked).toBeLessThanOrEqual(9000 / 300 + 1);
  });

  it('drops what follows a failure of the decoder until a key frame that it asks for', () => {
    const call = new SimulatedCall(codec, PERFECT);
    call.run(1000);
    const before = call.received.length;
    call.failDecoder();
    call.run(1000);
    expect(call.received[before]?.keyframe).toBe(true);
    expect(call.received.length).toBeGreaterThan(before + 10);
    expect(call.receiver.stats()).toMatchObject({ keyframesAsked: 1, keyframes: 2 });
  });

  it('never hands out a damaged frame or one without its reference, and always recovers', () => {
    const link = fc.record({
      seed: fc.nat(),
      loss: fc.double({ min: 0, max: 0.3, noNaN: true }),
      duplication: fc.double({ min: 0, max: 0.3, noNaN: true }),
      jitterMs: fc.integer({ min: 0, max: 150 }),
      rttMs: fc.integer({ min: 0, max: 300 }),
      retransmits: fc.boolean(),
    });
    fc.assert(
      fc.property(link, (impairment) => {
        const call = new SimulatedCall(codec, impairment);
        call.run(3000);
        call.link = { loss: 0, jitterMs: 0, duplication: 0 };
        call.run(4000);
        call.drain();
        expectDecodable(call);
        const last = call.sent.get(call.received.at(-1)?.timestamp ?? -1);
        expect(last?.index).toBe(call.sent.size - 1);
      }),
      { numRuns: 40, seed: 3550 },
    );
  });

  it('neither throws nor hands anything out of garbage', () => {
    const random = seededRandom(3711);
    const receiver = new VideoReceiver(codec);
    for (let number = 0; number < 5000; number += 1) {
      const payload = Uint8Array.from({ length: Math.floor(random() * 40) }, () =>
        Math.floor(random() * 256),
      );
      if (payload.length > 0) payload[0] = spoilers[codec](payload[0] ?? 0);
      const view = packet(number, { timestamp: Math.floor(random() * 5), marker: random() < 0.2, payload });
      const events = [...receiver.push(view, number), ...receiver.tick(number, 20)];
      expect(events.filter(({ type }) => type === 'frame')).toEqual([]);
    }
    expect(receiver.stats().packetsMalformed).toBeGreaterThan(100);
  });
});

describe('VideoReceiver', () => {
  const KEY = { marker: true, payload: hex('10 00') };

  it('push() asks for no key frame while the first one is on its way', () => {
    const receiver = new VideoReceiver('VP8');
    expect(receiver.push(packet(1, { payload: hex('10 00') }), 0)).toEqual([]);
    expect(receiver.tick(1000)).toEqual([]);
    expect(receiver.push(packet(2, { marker: true, payload: hex('00 aa') }), 1001)).toMatchObject([
      { type: 'frame' },
    ]);
  });

  it('tick() repeats the request for a key frame, but not while one is on its way', () => {
    const receiver = new VideoReceiver('VP8');
    receiver.push(packet(1, { marker: true, payload: hex('10 01') }), 0);
    expect(receiver.tick(300, 40)).toEqual([{ type: 'keyframe-needed' }]);
    receiver.push(packet(2, { timestamp: 2, payload: hex('10 00') }), 500);
    expect(receiver.tick(5000, 40)).toEqual([]);
    const last = packet(3, { timestamp: 2, marker: true, payload: hex('00 aa') });
    expect(receiver.push(last, 5001)).toMatchObject([{ type: 'frame' }]);
    expect(receiver.tick(9000, 40)).toEqual([]);
  });

  it('push() asks for a key frame when it joins in the middle', () => {
    const receiver = new VideoReceiver('VP8');
    expect(receiver.push(packet(1, { marker: true, payload: hex('10 01') }), 0)).toEqual([
      { type: 'keyframe-needed' },
    ]);
  });

  it('tick() asks for missing packets, gives them up in time, and then asks for a key frame', () => {
    const receiver = new VideoReceiver('VP8');
    receiver.push(packet(65_535, KEY), 0);
    expect(receiver.push(packet(1, { timestamp: 2, marker: true, payload: hex('10 01') }), 10)).toEqual([]);
    expect(receiver.tick(20, 40)).toEqual([{ type: 'nack', sequenceNumbers: [0] }]);
    expect(receiver.tick(100, 40)).toEqual([{ type: 'nack', sequenceNumbers: [0] }]);
    expect(receiver.tick(110, 40)).toEqual([{ type: 'keyframe-needed' }]);
    expect(receiver.tick(300, 40)).toEqual([]);
  });

  it('tick() waits longer where the round trip is longer', () => {
    const receiver = new VideoReceiver('VP8');
    receiver.push(packet(1, KEY), 0);
    receiver.push(packet(3, { timestamp: 2, marker: true, payload: hex('10 01') }), 0);
    expect(receiver.tick(374, 150)).toEqual([{ type: 'nack', sequenceNumbers: [2] }]);
    expect(receiver.tick(375, 150)).toEqual([{ type: 'keyframe-needed' }]);
  });
});

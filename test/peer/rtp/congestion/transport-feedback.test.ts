import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RtcpPacketConverter, type RtcpTransportLayerFeedback, type TransportWideCC } from 'werift';
import { parseTransportFeedback } from '../../../../peer/rtp/congestion/parse-transport-feedback.ts';
import { TransportFeedbackGenerator } from '../../../../peer/rtp/congestion/transport-feedback-generator.ts';
import { transportFeedbackPacket } from '../../../../peer/rtp/congestion/transport-feedback-packet.ts';
import { hex, seededRandom } from '../packets.ts';

const HEADER_BYTES = 12;

type Arrivals = readonly (readonly [sequenceNumber: number, arrivalMs: number])[];

/** The messages about these packets, sent at one time. */
function messages(arrivals: Arrivals, nowMs = 1e9): Uint8Array[] {
  const generator = new TransportFeedbackGenerator();
  for (const [sequenceNumber, arrivalMs] of arrivals) generator.onPacket(sequenceNumber, arrivalMs);
  return generator.due(nowMs);
}

function parse(fci: Uint8Array) {
  const feedback = parseTransportFeedback(fci);
  if (feedback === undefined) throw new Error('expected well-formed feedback');
  return feedback;
}

/** Sequence numbers with arrivals in whole milliseconds, in the order of the messages. */
function reports(fcis: readonly Uint8Array[]): (readonly [number, number | undefined])[] {
  return fcis
    .flatMap((fci) => parse(fci).packets)
    .map(({ sequenceNumber, arrivalMs }) => [sequenceNumber, arrivalMs && Math.round(arrivalMs)]);
}

/** The library's reading of a whole packet. */
function readByWerift(fci: Uint8Array): TransportWideCC {
  const packet = Buffer.from(transportFeedbackPacket(1, 2, fci));
  const [read] = RtcpPacketConverter.deSerialize(packet);
  return (read as RtcpTransportLayerFeedback).feedback as TransportWideCC;
}

/** Packets of a stream over a lossy, jittery link: numbers from anywhere, first arrivals in order of number. */
const streams = fc
  .record({
    first: fc.nat(0xffff),
    clockMs: fc.nat(1e6),
    gaps: fc.array(
      fc.oneof(
        { weight: 20, arbitrary: fc.constant(1) },
        { weight: 4, arbitrary: fc.integer({ min: 2, max: 40 }) },
        { weight: 1, arbitrary: fc.integer({ min: 41, max: 9000 }) },
      ),
      { minLength: 1, maxLength: 300 },
    ),
    delays: fc.array(
      fc.oneof(
        { weight: 20, arbitrary: fc.double({ min: 0, max: 40, noNaN: true }) },
        { weight: 1, arbitrary: fc.double({ min: 40, max: 20_000, noNaN: true }) },
      ),
      { minLength: 300, maxLength: 300 },
    ),
  })
  .map(({ first, clockMs, gaps, delays }) => {
    let next = first;
    const positions = gaps.map((gap) => {
      next += gap;
      return next;
    });
    return positions.map((position, index) => ({
      position,
      arrivalMs: clockMs + index * 5 + (delays[index] ?? 0),
    }));
  })
  // The 16-bit numbers have to tell them apart.
  .filter((stream) => (stream.at(-1)?.position ?? 0) - (stream[0]?.position ?? 0) < 30_000);

describe('TransportFeedbackGenerator', () => {
  it('due() tells when packets arrived, and which are missing', () => {
    const fcis = messages([
      [10, 1000],
      [11, 1003],
      [14, 1010],
    ]);
    expect(reports(fcis)).toEqual([
      [10, 1000],
      [11, 1003],
      [12, undefined],
      [13, undefined],
      [14, 1010],
    ]);
  });

  it('due() writes the bytes of the draft', () => {
    // 128 ms is reference time 2; 4 and 8 quarters of a millisecond later come two packets, the third is late by 75 ms.
    const fcis = messages([
      [0x1234, 129],
      [0x1235, 131],
      [0x1237, 206],
    ]);
    expect(fcis).toEqual([hex('1234 0004 000002 00 d480 04 08 012c 00 00')]);
  });

  it('due() is silent until the interval is over and something arrived', () => {
    const generator = new TransportFeedbackGenerator();
    generator.onPacket(1, 0);
    expect(generator.due(0)).toHaveLength(1);
    generator.onPacket(2, 10);
    expect(generator.due(99)).toEqual([]);
    expect(generator.due(100)).toHaveLength(1);
    expect(generator.due(200)).toEqual([]);
  });

  it.each([
    [5_000_000, 50],
    [100_000, 109],
    [10_000, 250],
    [0, 250],
  ])('intervalMs at %d bit/s is %d ms, a twentieth of the bandwidth', (bitrate, interval) => {
    const generator = new TransportFeedbackGenerator();
    generator.onBitrate(bitrate);
    expect(Math.round(generator.intervalMs)).toBe(interval);
  });

  it('due() goes on where the message before ended, with the next number', () => {
    const generator = new TransportFeedbackGenerator();
    generator.onPacket(65535, 0);
    const first = generator.due(0).map(parse);
    generator.onPacket(2, 20);
    const second = generator.due(100).map(parse);
    expect(second[0]?.packets.map(({ sequenceNumber }) => sequenceNumber)).toEqual([0, 1, 2]);
    expect([first[0]?.feedbackCount, second[0]?.feedbackCount]).toEqual([0, 1]);
  });

  it('onPacket() makes the next message begin with a packet that was reported missing', () => {
    const generator = new TransportFeedbackGenerator();
    generator.onPacket(1, 0);
    generator.onPacket(3, 4);
    generator.due(10);
    generator.onPacket(2, 50);
    expect(reports(generator.due(200))).toEqual([
      [2, 50],
      [3, 4],
    ]);
  });

  it('onPacket() keeps the first arrival of a duplicate, reported or not', () => {
    const generator = new TransportFeedbackGenerator();
    generator.onPacket(1, 0);
    generator.onPacket(1, 30);
    expect(reports(generator.due(100))).toEqual([[1, 0]]);
    generator.onPacket(1, 150);
    expect(generator.due(300)).toEqual([]);
  });

  it('onPacket() ignores stragglers from long before, and follows a counter that began anew', () => {
    const generator = new TransportFeedbackGenerator();
    generator.onPacket(20_000, 0);
    generator.due(0);
    generator.onPacket(10_000, 100);
    expect(generator.due(200)).toEqual([]);
    for (let index = 1; index <= 20; index += 1) generator.onPacket(10_000 + index, 300 + index);
    const numbers = reports(generator.due(500)).map(([sequenceNumber]) => sequenceNumber);
    expect(numbers.at(-1)).toBe(10_020);
    expect(numbers.length).toBeLessThan(20);
  });

  it('due() splits what lies more than eight seconds apart', () => {
    const arrivals: Arrivals = [
      [1, 0],
      [2, 8000],
      [3, 17_000],
      [4, 5000],
    ];
    const fcis = messages(arrivals);
    expect(fcis).toHaveLength(3);
    expect(reports(fcis)).toEqual(arrivals);
  });

  it('due() splits what does not fit one datagram', () => {
    // Two arrived of every 30, alternating between early and late: the most bytes for a packet.
    const arrivals: Arrivals = Array.from({ length: 900 }, (_, index) => [
      index * 30,
      5000 + (index % 2) * 100,
    ]);
    const fcis = messages(arrivals);
    expect(Math.max(...fcis.map(({ length }) => length))).toBeLessThanOrEqual(1200);
    const arrived = reports(fcis).filter(([, arrivalMs]) => arrivalMs !== undefined);
    expect(arrived).toEqual(arrivals);
  });

  it('onPacket() forgets the oldest when nobody fetches', () => {
    const arrivals: Arrivals = Array.from({ length: 10_000 }, (_, index) => [index, index]);
    const arrived = reports(messages(arrivals)).filter(([, arrivalMs]) => arrivalMs !== undefined);
    expect(arrived).toEqual(arrivals.slice(-8192));
  });

  it('due() and parseTransportFeedback() agree within 250 µs on any stream, in any order of arrival', () => {
    fc.assert(
      fc.property(streams, fc.nat(1e6), (stream, seed) => {
        const random = seededRandom(seed);
        const generator = new TransportFeedbackGenerator();
        const expected = new Map<number, number>();
        const told = new Map<number, number>();
        let highest = 0;
        let nowMs = 0;
        const fetch = () => {
          nowMs += 1000;
          for (const { sequenceNumber, arrivalMs } of generator
            .due(nowMs)
            .flatMap((fci) => parse(fci).packets)) {
            if (arrivalMs !== undefined) told.set(sequenceNumber, arrivalMs);
          }
        };
        for (const { position, arrivalMs } of [...stream].sort((a, b) => a.arrivalMs - b.arrivalMs)) {
          highest = Math.max(highest, position);
          // Of what comes later than this nothing is promised.
          if (position > highest - 1000) expected.set(position & 0xffff, arrivalMs);
          generator.onPacket(position & 0xffff, arrivalMs);
          if (random() < 0.3) generator.onPacket(position & 0xffff, arrivalMs + 3);
          if (random() < 0.1) fetch();
        }
        fetch();
        for (const [number, arrivalMs] of expected) {
          expect(Math.abs((told.get(number) ?? Number.NaN) - arrivalMs)).toBeLessThanOrEqual(0.25);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("due() is read by the library's own parser to the same statuses and deltas", () => {
    fc.assert(
      fc.property(streams, (stream) => {
        for (const fci of messages(stream.map(({ position, arrivalMs }) => [position & 0xffff, arrivalMs]))) {
          const ours = parse(fci);
          const theirs = readByWerift(fci);
          expect(theirs.baseSequenceNumber).toBe(ours.packets[0]?.sequenceNumber);
          expect(theirs.packetStatusCount).toBe(ours.packets.length);
          expect(theirs.referenceTime * 64).toBe(ours.referenceMs);
          const arrivals = ours.packets.flatMap(({ arrivalMs }) => arrivalMs ?? []);
          const deltas = arrivals.map((at, index) => (at - (arrivals[index - 1] ?? ours.referenceMs)) * 1000);
          expect(theirs.recvDeltas.map(({ delta }) => delta)).toEqual(deltas);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('parseTransportFeedback()', () => {
  it('reads what the library wrote again from its own reading', () => {
    fc.assert(
      fc.property(streams, (stream) => {
        for (const fci of messages(stream.map(({ position, arrivalMs }) => [position & 0xffff, arrivalMs]))) {
          const again = readByWerift(fci)
            .serialize()
            .subarray(4 + 8);
          expect(parseTransportFeedback(again)).toEqual(parse(fci));
        }
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['nothing', ''],
    ['half a header', '0001 0001'],
    ['no packets', '0001 0000 000001 00'],
    ['no chunks', '0001 0001 000001 00'],
    ['fewer chunks than packets', '0001 0010 000001 00 2001 2001'],
    ['runs of nothing', '0001 0002 000001 00 2000 2000'],
    ['no deltas', '0001 0001 000001 00 2001'],
    ['half a large delta', '0001 0001 000001 00 4001 01'],
    ['the reserved status', '0001 0001 000001 00 6001 0101'],
  ])('returns undefined for %s', (_, bytes) => {
    expect(parseTransportFeedback(hex(bytes))).toBeUndefined();
  });

  it.each([
    ['a run', '0001 0003 000001 00 2003 010203'],
    ['a vector of one bit', '0001 0003 000001 00 b800 010203'],
    ['a vector of two bits', '0001 0003 000001 00 d500 010203'],
  ])('reads three packets in %s', (_, bytes) => {
    const { packets } = parse(hex(bytes));
    expect(packets.map(({ arrivalMs }) => arrivalMs)).toEqual([64.25, 64.75, 65.5]);
  });

  it('survives any bytes, and cut messages', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const packets = parseTransportFeedback(bytes)?.packets.length ?? 0;
        expect(packets).toBeLessThanOrEqual(0xffff);
      }),
      { numRuns: 2000 },
    );
    const [whole = new Uint8Array()] = messages([
      [1, 0],
      [2, 100],
      [3, 101],
    ]);
    for (let length = 0; length < HEADER_BYTES; length += 1) {
      expect(parseTransportFeedback(whole.subarray(0, length))).toBeUndefined();
    }
  });
});

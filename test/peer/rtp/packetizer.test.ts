import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { depacketizers } from '../../../peer/rtp/depacketizer.ts';
import { splitAnnexB } from '../../../peer/rtp/nal-unit.ts';
import { createPacketizer, MAX_PAYLOAD_BYTES } from '../../../peer/rtp/packetizer.ts';
import { parseVp8Descriptor } from '../../../peer/rtp/vp8-descriptor.ts';
import { Vp8Packetizer } from '../../../peer/rtp/vp8-packetizer.ts';
import { hex } from './packets.ts';

const START_CODE = hex('00000001');

/** A NAL unit of this many bytes. */
function unit(header: number, length: number): Uint8Array {
  return new Uint8Array(length).fill(0x55).fill(header, 0, 1);
}

function annexB(units: readonly Uint8Array[], startCode = START_CODE): Uint8Array {
  return Buffer.concat(units.flatMap((nal) => [startCode, nal]));
}

/** RTP payloads as hexadecimal. */
function payloads(accessUnit: Uint8Array, maxPayloadBytes = 20): string[] {
  const packets = createPacketizer('H264', { maxPayloadBytes }).packetize(accessUnit);
  return packets.map(({ payload }) => Buffer.from(payload).toString('hex'));
}

describe('splitAnnexB()', () => {
  it.each([
    ['start codes of four bytes', '00000001 6742 00000001 68ce', ['6742', '68ce']],
    ['start codes of three bytes', '000001 6742 000001 68ce', ['6742', '68ce']],
    ['zeros behind a unit', '00000001 6742 000000 000001 68ce 0000', ['6742', '68ce']],
    ['zeros and ones inside a unit', '000001 65 0001 00000301 01', ['65000100000301' + '01']],
    ['an empty unit', '000001 000001 6742', ['6742']],
    ['start codes alone', '00000001 000001', []],
  ])('reads %s', (_, stream, units) => {
    expect(splitAnnexB(hex(stream))?.map((nal) => Buffer.from(nal).toString('hex'))).toEqual(units);
  });

  it.each([[''], ['00'], ['000000'], ['6742'], ['05 000001 6742'], ['00000002 6742']])(
    'refuses "%s", which does not begin with a start code',
    (stream) => {
      expect(splitAnnexB(hex(stream))).toBeUndefined();
    },
  );
});

describe('H264Packetizer', () => {
  it('packetize() puts parameter sets and a small key frame into one STAP-A', () => {
    const frame = hex('00000001 6742c0 00000001 68ce 000001 0605 000001 6588');
    expect(payloads(frame)).toEqual(['78' + '00036742c0' + '000268ce' + '00020605' + '00026588']);
  });

  it('packetize() sends a unit that has no neighbour to share with as it is', () => {
    const frame = annexB([unit(0x65, 20), unit(0x41, 19)]);
    expect(payloads(frame)).toEqual(splitAnnexB(frame)?.map((nal) => Buffer.from(nal).toString('hex')));
  });

  it('packetize() gives a STAP-A the highest importance in it', () => {
    expect(payloads(hex('000001 0601 000001 41ff'))[0]?.slice(0, 2)).toBe('58');
  });

  it('packetize() splits a large unit into FU-As of about the same size', () => {
    expect(payloads(hex('00000001 65 0102030405060708'), 6)).toEqual(['7c8501020304', '7c4505060708']);
    expect(payloads(hex('00000001 41 010203040506070809'), 6)).toEqual([
      '5c81010203',
      '5c01040506',
      '5c41070809',
    ]);
  });

  it('packetize() marks the last packet alone', () => {
    const packets = createPacketizer('H264').packetize(
      annexB([unit(0x67, 12), unit(0x68, 4), unit(0x65, 4000)]),
    );
    expect(packets.map(({ marker }) => marker)).toEqual([false, false, false, false, true]);
  });

  it.each([['6742c0'], ['']])('packetize() refuses "%s", which is not Annex B', (frame) => {
    expect(() => createPacketizer('H264').packetize(hex(frame))).toThrow(
      expect.objectContaining({ code: 'codec-failed', message: expect.stringContaining('start code') }),
    );
  });

  it('packetize() sends every unit as it is in packetization mode 0', () => {
    const packetizer = createPacketizer('H264', { maxPayloadBytes: 20, packetizationMode: 0 });
    const packets = packetizer.packetize(annexB([unit(0x67, 5), unit(0x68, 4), unit(0x65, 20)]));
    expect(packets.map(({ payload, marker }) => [payload[0], payload.length, marker])).toEqual([
      [0x67, 5, false],
      [0x68, 4, false],
      [0x65, 20, true],
    ]);
  });

  it('packetize() refuses a unit that is too large for packetization mode 0', () => {
    const packetizer = createPacketizer('H264', { maxPayloadBytes: 20, packetizationMode: 0 });
    expect(() => packetizer.packetize(annexB([unit(0x65, 21)]))).toThrow(
      expect.objectContaining({
        code: 'codec-failed',
        message: expect.stringContaining('expected NAL units of 20 bytes at most, found one of 21'),
      }),
    );
  });

  it('packetize() fits every payload, and the depacketizer gives the same units back', () => {
    const nal = fc.tuple(fc.constantFrom(0x67, 0x68, 0x06, 0x65, 0x41), fc.integer({ min: 2, max: 3000 }));
    fc.assert(
      fc.property(
        fc.array(nal, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 40, max: 1400 }),
        fc.constantFrom('000001', '00000001'),
        (units, maxPayloadBytes, startCode) => {
          const nals = units.map(([header, length]) => unit(header, length));
          const packets = createPacketizer('H264', { maxPayloadBytes }).packetize(
            annexB(nals, hex(startCode)),
          );
          for (const { payload } of packets) expect(payload.length).toBeLessThanOrEqual(maxPayloadBytes);
          const pieces = packets.flatMap(({ payload }) => depacketizers.H264(payload)?.pieces ?? []);
          expect(Buffer.concat(pieces).equals(annexB(nals))).toBe(true);
        },
      ),
      { numRuns: 100, seed: 6184 },
    );
  });
});

describe('Vp8Packetizer', () => {
  it('packetize() describes the start and the picture of each packet', () => {
    const packetizer = new Vp8Packetizer({ maxPayloadBytes: 7, firstPictureId: 0x1234 });
    const packets = packetizer.packetize(hex('00 01 02 03 04'));
    expect(packets.map(({ payload }) => Buffer.from(payload).toString('hex'))).toEqual([
      '908092340001',
      '80809234020304',
    ]);
    expect(packets.map(({ marker }) => marker)).toEqual([false, true]);
  });

  it('packetize() counts pictures around 15 bits', () => {
    const packetizer = new Vp8Packetizer({ maxPayloadBytes: 100, firstPictureId: 0x7fff });
    const ids = [1, 2].map(() => {
      const [packet] = packetizer.packetize(hex('00'));
      return packet && parseVp8Descriptor(packet.payload)?.pictureId;
    });
    expect(ids).toEqual([0x7fff, 0]);
  });

  it('packetize() fits every payload, in packets of about the same size', () => {
    const packets = createPacketizer('VP8').packetize(new Uint8Array(MAX_PAYLOAD_BYTES * 3));
    const sizes = packets.map(({ payload }) => payload.length);
    expect(sizes).toHaveLength(4);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_PAYLOAD_BYTES);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });

  it('packetize() makes nothing of nothing', () => {
    expect(createPacketizer('VP8').packetize(new Uint8Array())).toEqual([]);
  });
});

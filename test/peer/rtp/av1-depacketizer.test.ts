import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { depacketizers, joins } from '../../../peer/rtp/depacketizer.ts';
import { FrameAssembler } from '../../../peer/rtp/frame-assembler.ts';
import { leb128, readLeb128 } from '../../../peer/rtp/leb128.ts';
import { packetizerOf } from '../../support/foreign-packetizer.ts';
import { hex, packet } from './packets.ts';

const av1 = depacketizers.AV1;

/** The temporal unit that these payloads make, in hexadecimal. */
function joined(...payloads: string[]): string | undefined {
  const pieces = payloads.flatMap((payload) => av1(hex(payload))?.pieces ?? []);
  const unit = joins.AV1(pieces);
  return unit && Buffer.from(unit).toString('hex');
}

describe('leb128()', () => {
  it('and readLeb128() agree', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), (value) => {
        const bytes = leb128(value);
        expect(readLeb128(Uint8Array.of(7, ...bytes, 9), 1)).toEqual({ value, end: 1 + bytes.length });
        expect(readLeb128(bytes.subarray(0, -1), 0)).toBeUndefined();
      }),
      { numRuns: 200, seed: 128 },
    );
  });

  it('readLeb128() gives up behind eight bytes', () => {
    expect(readLeb128(hex('8080808080808080 00'), 0)).toBeUndefined();
  });
});

describe('depacketizeAv1() and joinTemporalUnit()', () => {
  // 08 begins a sequence header, 30 a frame, 10 a temporal delimiter, 78 padding; 34 a frame with a layer.
  it.each([
    ['one OBU without a size', ['10 30 aa bb'], '32 02 aabb'],
    ['two OBUs, the last one without a size', ['20 02 08 aa 30 bb cc'], '0a 01 aa 32 02 bbcc'],
    ['three OBUs', ['30 02 08 aa 02 28 01 30 cc'], '0a 01 aa 2a 01 01 32 01 cc'],
    ['OBUs that all have sizes', ['00 02 08 aa 01 30'], '0a 01 aa 32 00'],
    ['an OBU that has a size of its own', ['10 32 02 aa bb'], '32 02 aabb'],
    ['an OBU of a layer', ['10 34 48 aa'], '36 48 01 aa'],
    ['OBUs among temporal delimiters and padding', ['30 01 10 02 78 00 30 bb'], '32 01 bb'],
    ['an OBU in three packets', ['50 30 aa', 'd0 bb', '90 cc'], '32 03 aabbcc'],
    ['an OBU whose header is cut off its layer', ['50 34', '90 48 aa'], '36 48 01 aa'],
    [
      'an OBU behind the rest of another',
      ['60 02 08 aa 30 bb', 'a0 01 cc 30 dd'],
      '0a 01 aa 32 02 bbcc 32 01 dd',
    ],
  ])('make a temporal unit of %s', (_, payloads, unit) => {
    expect(joined(...payloads)).toBe(`1200${unit.replaceAll(' ', '')}`);
  });

  it.each([
    ['a new coded video sequence', '18 30 30', 'certain', true, true],
    ['a sequence header and a key frame, without N', '20 02 08 aa 30 10', 'possible', true, true],
    ['a sequence header and another frame', '20 02 08 aa 30 30', 'possible', false, true],
    ['a sequence header and a frame shown again', '20 02 08 aa 18 80', 'possible', false, true],
    ['a key frame without a sequence header', '10 30 10', 'possible', false, true],
    ['a sequence header alone', '10 08 aa', 'possible', false, false],
    ['a tile group', '10 20 aa', 'possible', false, true],
    ['the rest of an OBU', '90 30 10', 'impossible', false, false],
  ])('see %s', (_, payload, start, keyframe, picture) => {
    expect(av1(hex(payload))).toMatchObject({ start, keyframe, picture });
  });

  it.each([
    ['nothing', ''],
    ['an aggregation header alone', '10'],
    ['an aggregation header alone, of elements with sizes', '00'],
    ['an element without size', '00 00'],
    ['an empty last element', '20 01 30'],
    ['an element beyond the end', '20 05 30 aa'],
    ['a cut size', '00 80'],
    ['a size of many terabytes', '00 ffffffffffffff7f 30'],
    ['fewer elements than W says', '30 01 30 01 30'],
    ['the forbidden bit', '10 b0 aa'],
    ['a new sequence in the middle of an OBU', '98 30 aa'],
  ])('refuse %s', (_, payload) => {
    expect(av1(hex(payload))).toBeUndefined();
  });

  it.each([
    ['ends in its header', '10 34'],
    ['is shorter than it says', '10 32 03 aa'],
    ['is longer than it says', '10 32 01 aa bb'],
    ['ends in its size', '10 32 80'],
  ])('refuse an OBU that %s', (_, payload) => {
    expect(av1(hex(payload))).toBeDefined();
    expect(joined(payload)).toBeUndefined();
  });

  it('restore any temporal unit, however it was cut', () => {
    const obu = fc.record({
      type: fc.constantFrom(1, 3, 4, 5, 6, 7),
      size: fc.integer({ min: 0, max: 3000 }),
    });
    fc.assert(
      fc.property(
        fc.array(obu, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 10, max: 1200 }),
        (obus, max) => {
          const units = obus.map(({ type, size }) => [
            (type << 3) | 2,
            ...leb128(size),
            ...new Uint8Array(size).fill(0xa5),
          ]);
          const unit = Uint8Array.of(0x12, 0, ...units.flat());
          const packets = packetizerOf('AV1', max).packetize(unit);
          for (const { payload } of packets) expect(payload.length).toBeLessThanOrEqual(max);
          const pieces = packets.flatMap(({ payload }) => av1(payload)?.pieces ?? []);
          expect(Buffer.compare(joins.AV1(pieces) ?? new Uint8Array(), unit)).toBe(0);
        },
      ),
      { numRuns: 50, seed: 1 },
    );
  });
});

describe('FrameAssembler of AV1', () => {
  const KEY = '18 30 10';

  /** What comes of packets of one payload each, with the marker where the text ends in M. */
  function assemble(...packets: [timestamp: number, payload: string][]): string[] {
    const assembler = new FrameAssembler('AV1');
    return packets
      .flatMap(([timestamp, text], sequence) => {
        const marker = text.endsWith('M');
        const view = packet(sequence, { timestamp, marker, payload: hex(text.replace('M', '')) });
        return assembler.push({ type: 'packet', packet: view, arrivedAt: 0 });
      })
      .map((item) => (item.type === 'broken' ? item.reason : Buffer.from(item.unit.data).toString('hex')));
  }

  it('push() puts the fragments of a frame together', () => {
    expect(assemble([1, `${KEY}M`], [2, '50 30 30'], [2, '90 aaM'])).toEqual(['1200320110', '1200320230aa']);
  });

  it('push() takes a frame for malformed whose OBU is still open, is continued by none, or continues none', () => {
    expect(assemble([1, `${KEY}M`], [2, '50 30 30M'])).toEqual(['1200320110', 'malformed']);
    expect(assemble([1, `${KEY}M`], [2, '50 30 30'], [2, '10 30 30M'])).toEqual(['1200320110', 'malformed']);
    expect(assemble([1, `${KEY}M`], [2, '10 30 30'], [2, '90 aaM'])).toEqual(['1200320110', 'malformed']);
  });

  it('push() takes a frame for malformed with an OBU that contradicts itself, and waits for a key frame', () => {
    const frames = assemble([1, `${KEY}M`], [2, '10 32 05 30M'], [3, '10 30 30M'], [4, `${KEY}M`]);
    expect(frames).toEqual(['1200320110', 'malformed', 'keyframe-missing', '1200320110']);
  });

  it('push() puts a sequence header that comes by itself before the next frame', () => {
    expect(assemble([1, `${KEY}M`], [2, '10 08 aaM'], [3, '10 30 30M'])).toEqual([
      '1200320110',
      '12000a01aa320130',
    ]);
  });
});

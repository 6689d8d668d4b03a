import { describe, expect, it } from 'vitest';
import { depacketizers, joins } from '../../../peer/rtp/depacketizer.ts';
import { hex, seededRandom } from './packets.ts';

const vp8 = depacketizers.VP8;
const h264 = depacketizers.H264;

/** The pieces of a part in one, in hexadecimal. */
function written(part: ReturnType<typeof vp8>): string | undefined {
  return part && Buffer.concat(part.pieces).toString('hex');
}

describe('depacketizeVp8()', () => {
  it.each([
    ['a key frame', '10 00 aa bb', 'certain', true],
    ['another frame', '10 01 aa bb', 'certain', false],
    ['the middle of a frame', '00 00 aa bb', 'impossible', false],
    ['a later partition', '11 00 aa bb', 'impossible', false],
  ])('sees %s', (_, payload, start, keyframe) => {
    const part = vp8(hex(payload));
    expect(part).toMatchObject({ start, keyframe, picture: true });
    expect(written(part)).toBe(payload.replaceAll(' ', '').slice(2));
  });

  it('refuses a payload that is only a descriptor', () => {
    expect(vp8(hex('90 80 01'))).toBeUndefined();
  });
});

describe('depacketizeH264()', () => {
  it.each([
    ['a slice', '41 9a 01', 'possible', false, true],
    ['a slice of a key frame', '65 88 84', 'possible', true, true],
    ['a sequence parameter set', '67 42 c0', 'certain', false, false],
    ['a picture parameter set', '68 ce 3c', 'possible', false, false],
    ['an access unit delimiter', '09 f0', 'certain', false, false],
  ])('gives %s a start code', (_, payload, start, keyframe, picture) => {
    const part = h264(hex(payload));
    expect(part).toEqual({ pieces: part?.pieces, start, keyframe, picture });
    expect(written(part)).toBe(`00000001${payload.replaceAll(' ', '')}`);
  });

  it('takes a STAP-A apart', () => {
    const part = h264(hex('78 0003 6742c0 0002 68ce 0002 6588'));
    expect(part).toMatchObject({ start: 'certain', keyframe: true, picture: true });
    expect(written(part)).toBe('000000016742c00000000168ce000000016588');
  });

  it('restores the unit that FU-As carry', () => {
    const [first, middle, last] = [h264(hex('7c 85 01 02')), h264(hex('7c 05 03')), h264(hex('7c 45 04'))];
    expect(first).toMatchObject({ start: 'possible', keyframe: true, leavesOpen: 5 });
    expect(first).not.toHaveProperty('continues');
    expect(middle).toMatchObject({ start: 'impossible', continues: 5, leavesOpen: 5 });
    expect(last).toMatchObject({ start: 'impossible', continues: 5 });
    expect(last).not.toHaveProperty('leavesOpen');
    expect([first, middle, last].map(written).join('')).toBe('000000016501020304');
  });

  it.each([
    ['nothing', ''],
    ['the forbidden bit', 'c1 00'],
    ['type 0', '60 00'],
    ['a STAP-A without units', '78'],
    ['a STAP-A cut in a length', '78 00'],
    ['a STAP-A cut behind a length', '78 0003'],
    ['a STAP-A cut in a unit', '78 0003 6742'],
    ['a STAP-A with a byte too many', '78 0002 6742 00'],
    ['a STAP-A with an empty unit', '78 0000 0002 6742'],
    ['a STAP-A in a STAP-A', '78 0003 780001'],
    ['a unit in a STAP-A with the forbidden bit', '78 0002 e742'],
    ['an FU-A without header', '7c'],
    ['an FU-A that is start and end at once', '7c c5 01'],
    ['an FU-A of type 0', '7c 80 01'],
    ['an FU-A of an FU-A', '7c 9c 01'],
    ['a STAP-B', '79 0001 0002 6742'],
    ['an MTAP16', '7a 0000'],
    ['an MTAP24', '7b 0000'],
    ['an FU-B', '7d 85 0001 01'],
    ['type 30', '7e 00'],
    ['type 31', '7f 00'],
  ])('refuses %s', (_, payload) => {
    expect(h264(hex(payload))).toBeUndefined();
  });
});

describe.each(['VP8', 'H264', 'VP9', 'AV1'] as const)('the depacketizer of %s', (codec) => {
  it('neither throws nor reads beyond the payload, whatever it is given', () => {
    const random = seededRandom(264);
    const memory = new Uint8Array(4096).map(() => Math.floor(random() * 256));
    let accepted = 0;
    for (let round = 0; round < 5000; round += 1) {
      const begin = Math.floor(random() * 2000);
      const payload = memory.subarray(begin, begin + Math.floor(random() ** 3 * 1500));
      if (random() < 0.5 && payload.length > 0) payload[0] = [0x78, 0x7c, 0x90, 0x80][round % 4] ?? 0;
      const part = depacketizers[codec](payload);
      if (part === undefined) continue;
      joins[codec](part.pieces);
      accepted += 1;
      for (const piece of part.pieces) {
        if (piece.buffer !== memory.buffer) continue;
        expect(piece.byteOffset).toBeGreaterThanOrEqual(begin);
        expect(piece.byteOffset + piece.length).toBeLessThanOrEqual(begin + payload.length);
      }
    }
    expect(accepted).toBeGreaterThan(500);
    expect(accepted).toBeLessThan(4900);
  });
});

import { describe, expect, it } from 'vitest';
import { readCompound } from '../../../peer/rtp/rtcp-compound.ts';

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const empty = bytes('80c90001 00000001');
const pli = bytes('81ce0002 00000001 00000002');
const nack = bytes('81cd0003 00000001 00000002 00050000');
const goodbye = bytes('81cb0001 00000001');
const remb = bytes('8fce0005 00000001 00000000 52454d42 01 040fff 00000002');
const fir = bytes('84ce0004 00000001 00000000 00000002 01000000');
const feedback = (count: string) => bytes(`8fcd0005 00000001 00000002 0001${count} 00000a01 2001 01 00`);

describe('readCompound()', () => {
  it('takes a compound apart, and leaves out what it does not know', () => {
    const { packets, malformed } = readCompound(Buffer.concat([empty, nack, goodbye, pli]));
    expect(packets.map((packet) => Buffer.from(packet))).toEqual([empty, nack, pli]);
    expect(malformed).toBe(0);
  });

  it.each([
    ['PLI', pli],
    ['NACK', nack],
    ['REMB', remb],
    ['FIR', fir],
    ['transport feedback', feedback('0001')],
  ])('understands %s', (_title, packet) => {
    expect(readCompound(packet)).toEqual({ packets: [expect.anything()], malformed: 0 });
  });

  it('takes transport feedback with less than a word of padding, as libwebrtc writes it', () => {
    const padded = bytes('afcd0005 00000001 00000002 00010001 00000a01 2001 01 01');
    expect(readCompound(padded)).toEqual({ packets: [padded], malformed: 0 });
  });

  it('takes the padding off the last packet, and says so in its header', () => {
    const padded = Buffer.concat([bytes('a1ce0003 00000001 00000002'), bytes('00000004')]);
    expect(Buffer.from(readCompound(padded).packets[0] ?? [])).toEqual(pli);
  });

  it.each([
    ['a length beyond the end', bytes('80c90007 00000001')],
    ['another version', bytes('40c90001 00000001')],
    ['half a header', Buffer.concat([empty, bytes('80c9')])],
    ['padding before the last packet', Buffer.concat([bytes('a0c90002 00000001 00000004'), pli])],
    ['padding of the whole packet', bytes('a0c90001 00000008')],
    ['padding of nothing', bytes('a0c90001 00000000')],
    ['fewer report blocks than it counts', bytes('81c90001 00000001')],
    ['a sender report without its sender', bytes('80c80001 00000001')],
    ['a PLI without its media', bytes('81ce0001 00000001')],
    ['a NACK of nothing', bytes('81cd0002 00000001 00000002')],
    ['a FIR of half an entry', bytes('84ce0003 00000001 00000000 00000002')],
    ['a REMB of fewer SSRCs than it counts', bytes('8fce0004 00000001 00000000 52454d42 02040fff')],
    ['transport feedback on packets it has no bytes for', feedback('0fff')],
    ['transport feedback on more than 4096 packets', feedback('1001')],
  ])('counts %s as malformed', (_title, packet) => {
    expect(readCompound(packet)).toEqual({ packets: [], malformed: 1 });
  });

  it('passes over application feedback that is no REMB', () => {
    expect(readCompound(bytes('8fce0004 00000001 00000000 41424344 00000000'))).toEqual({
      packets: [],
      malformed: 0,
    });
  });
});

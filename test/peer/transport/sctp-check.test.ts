import { describe, expect, it } from 'vitest';
import { isSoundSctp } from '../../../peer/transport/sctp-check.ts';

const room = { lastTsn: 0xffff_fffe, maxAhead: 4, takesStream: (id: number) => id < 8 };
const packet = (...chunks: string[]) =>
  Buffer.concat([Buffer.alloc(12), ...chunks.map((hex) => Buffer.from(hex.replaceAll(' ', ''), 'hex'))]);
const data = (tsn: string, stream = '0001') => `00030014 ${tsn} ${stream}0000 00000033 61626364`;

describe('isSoundSctp()', () => {
  it.each([
    ['a DATA chunk that is next', packet(data('ffffffff'))],
    ['one beyond the wrap', packet(data('00000002'))],
    ['one that came before', packet(data('f0000000'))],
    ['two chunks, the first padded', packet('0a000005 01000000', data('ffffffff'))],
    ['a SACK of two gaps', packet('03000018 00000001 00010000 00020000 00020003 00050005')],
    ['a HEARTBEAT', packet('0400000c 00010008 01020304')],
    ['an INIT with a parameter', packet('0100001a 00000009 00010000 00090009 00000001 80080006 c0820000')],
    ['a FORWARD TSN', packet('c000000c 00000009 00010002')],
    ['a chunk of a type that nobody knows', packet('3f000004')],
  ])('takes %s', (_title, bytes) => {
    expect(isSoundSctp(bytes, room)).toBe(true);
  });

  it.each([
    ['no chunk', packet()],
    ['a chunk of length 0', packet('04000000 00000000')],
    ['a chunk beyond the end', packet('04000010 00000000')],
    ['a DATA chunk too far ahead', packet(data('00000003'))],
    ['a DATA chunk of a stream too many', packet(data('ffffffff', '0009'))],
    ['a DATA chunk without data', packet('00030010 ffffffff 00010000 00000033')],
    ['a SACK with more gaps than bytes', packet('03000010 00000001 00010000 00090000')],
    ['a SACK whose gaps overlap', packet('03000018 00000001 00010000 00020000 0002ffff 00010005')],
    ['a parameter of length 0', packet('0400000c 00010000 01020304')],
    ['an INIT without its fields', packet('01000008 00000009')],
    ['half a FORWARD TSN', packet('c0000006 00000000')],
  ])('refuses %s', (_title, bytes) => {
    expect(isSoundSctp(bytes, room)).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { rtpHeaderLength } from '../../../peer/rtp/rtp-header.ts';

const fixed = '0060000100000001000000012'.slice(0, 24);
const packet = (first: string, rest: string) => Buffer.from(first + fixed.slice(2) + rest, 'hex');

describe('rtpHeaderLength()', () => {
  it.each([
    ['a fixed header', packet('80', 'aabb'), 12],
    ['a fixed header and nothing else', packet('80', ''), 12],
    ['two CSRCs', packet('82', '0000000100000002aa'), 20],
    ['an extension of one-byte elements', packet('90', 'bede00021030000051aabb00cc'), 24],
    ['an extension of two-byte elements', packet('90', '10000001010000ffcc').subarray(0, -2), undefined],
    ['two-byte elements that fit', packet('90', '1000000101010a00cc'), 20],
    ['an extension of a profile that nobody knows', packet('90', '12340001ffffffff'), 20],
    ['an id of 15, after which nothing is looked at', packet('90', 'bede0001f3ffffff'), 20],
  ])('gives the length of %s', (_title, bytes, length) => {
    expect(rtpHeaderLength(bytes)).toBe(length);
  });

  it.each([
    ['version 1', packet('40', 'aabb')],
    ['eleven bytes', packet('80', '').subarray(0, 11)],
    ['CSRCs beyond the end', packet('8f', '00000001')],
    ['an extension beyond the end', packet('90', 'bedeffff00000000')],
    ['half an extension header', packet('90', 'bede')],
    ['a one-byte element beyond its extension', packet('90', 'bede00011f000000')],
    ['a two-byte element without its length', packet('90', '1000000100000001')],
  ])('is undefined for %s', (_title, bytes) => {
    expect(rtpHeaderLength(bytes)).toBeUndefined();
  });
});

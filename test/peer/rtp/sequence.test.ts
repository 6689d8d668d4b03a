import { expect, it } from 'vitest';
import {
  sequenceDistance,
  timestampDistance,
  unwrapSequence,
  wrapSequence,
} from '../../../peer/rtp/sequence.ts';

it.each([
  [10, 10, 0],
  [10, 12, 2],
  [12, 10, -2],
  [65535, 0, 1],
  [0, 65535, -1],
  [65000, 200, 736],
  [0, 32767, 32767],
  [0, 32768, -32768],
])('sequenceDistance(%i, %i) is %i', (from, to, distance) => {
  expect(sequenceDistance(from, to)).toBe(distance);
});

it.each([
  [0, 3000, 3000],
  [3000, 0, -3000],
  [0xffff_ffff, 2999, 3000],
  [100, 0xffff_ff9c, -200],
  [0, 0x7fff_ffff, 0x7fff_ffff],
  [0, 0x8000_0000, -0x8000_0000],
])('timestampDistance(%i, %i) is %i', (from, to, distance) => {
  expect(timestampDistance(from, to)).toBe(distance);
});

it('unwrapSequence() goes on counting over many wraps, in both directions', () => {
  let up = 65_000;
  let down = 300;
  for (let step = 1; step <= 20; step += 1) {
    up = unwrapSequence(up, wrapSequence(65_000 + step * 9_000));
    down = unwrapSequence(down, wrapSequence(300 - step * 9_000));
  }
  expect(up).toBe(65_000 + 180_000);
  expect(down).toBe(300 - 180_000);
});

it('unwrapSequence() keeps its place beyond 32 bits', () => {
  const near = 2 ** 40 + 65_535;
  expect(unwrapSequence(near, 2)).toBe(near + 3);
});

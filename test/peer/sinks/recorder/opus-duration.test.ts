import { describe, expect, it } from 'vitest';
import { opusDuration } from '../../../../peer/sinks/recorder/opus-duration.ts';

describe('opusDuration()', () => {
  it.each([
    ['one frame of fullband CELT, 20 ms', [0xf8], 0.02],
    ['one of 2.5 ms', [0b11100_0_00], 0.0025],
    ['two of SILK, 60 ms', [0b00011_0_01], 0.12],
    ['two of hybrid, 10 ms, of different sizes', [0b01100_0_10], 0.02],
    ['five of wideband CELT, 5 ms', [0b10101_0_11, 0x80 | 5], 0.025],
    ['nothing', [], 0],
  ])('of %s', (_what, bytes, seconds) => {
    expect(opusDuration(Uint8Array.from(bytes))).toBeCloseTo(seconds, 9);
  });
});

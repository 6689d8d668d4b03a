import { expect, it } from 'vitest';
import { compactNtp, ntpFromUnixMs, shiftNtp } from '../../../peer/rtp/ntp.ts';

/** The worked example of RFC 3550, figure 2: 0xb44db705:20000000 is 10 November 1995, 11:33:25.125 UTC. */
const EXAMPLE = 0xb44d_b705_2000_0000n;

it('ntpFromUnixMs() gives the example of RFC 3550', () => {
  expect(ntpFromUnixMs(Date.UTC(1995, 10, 10, 11, 33, 25, 125))).toBe(EXAMPLE);
});

it('compactNtp() takes the middle of the example of RFC 3550', () => {
  expect(compactNtp(EXAMPLE)).toBe(0xb705_2000);
});

it.each([
  [875, 0xb44d_b706_0000_0000n],
  [-125, 0xb44d_b705_0000_0000n],
  [-625, 0xb44d_b704_8000_0000n],
  [10_250, 0xb44d_b70f_6000_0000n],
])('shiftNtp() moves the example by %i ms', (milliseconds, shifted) => {
  expect(shiftNtp(EXAMPLE, milliseconds)).toBe(shifted);
});

it('shiftNtp() wraps with the era', () => {
  expect(shiftNtp(0xffff_ffff_8000_0000n, 750)).toBe(0x0000_0000_4000_0000n);
});

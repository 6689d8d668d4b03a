import { SightlineError } from '../../protocol/errors.ts';

/** The bit rate of a REMB message: mantissa × 2^exponent (draft-alvestrand-rmcat-remb-03, section 2.2). */
export interface RembBitrate {
  /** 18 bits. */
  readonly mantissa: number;
  /** 6 bits. */
  readonly exponent: number;
}

const MAX_MANTISSA = 0x3ffff;
const MAX_EXPONENT = 0x3f;

/**
 * The largest bit rate that REMB can say and that is not above the one given, with the smallest exponent: rounded
 * down, so that the sender is never told more than was meant. What is beyond the format becomes its maximum.
 * Throws `internal` for what is no bit rate.
 */
export function toMantissaExponent(bitsPerSecond: number): RembBitrate {
  if (!(bitsPerSecond >= 0)) {
    throw new SightlineError(
      'internal',
      `Cannot write a REMB message: expected bits per second of 0 or more, found ${bitsPerSecond}`,
    );
  }
  let exponent = 0;
  while (exponent < MAX_EXPONENT && Math.floor(bitsPerSecond / 2 ** exponent) > MAX_MANTISSA) exponent += 1;
  return { mantissa: Math.min(MAX_MANTISSA, Math.floor(bitsPerSecond / 2 ** exponent)), exponent };
}

/** Bits per second. */
export function fromMantissaExponent({ mantissa, exponent }: RembBitrate): number {
  return mantissa * 2 ** exponent;
}

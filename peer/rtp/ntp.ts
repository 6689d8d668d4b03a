/** Arithmetic on NTP timestamps: seconds since 1900 in the high 32 bits, fractions of 2⁻³² s in the low (RFC 5905, section 6). */

/** Seconds from 1900 to 1970. */
const NTP_TO_UNIX_SECONDS = 2_208_988_800;

/** @param unixMs milliseconds since 1970, with fractions */
export function ntpFromUnixMs(unixMs: number): bigint {
  return shiftNtp(BigInt(NTP_TO_UNIX_SECONDS) << 32n, unixMs);
}

/** The moment `milliseconds` later; wraps with the era in 2036. */
export function shiftNtp(ntpTimestamp: bigint, milliseconds: number): bigint {
  const seconds = Math.floor(milliseconds / 1000);
  const fraction = Math.floor((milliseconds / 1000 - seconds) * 2 ** 32);
  return BigInt.asUintN(64, ntpTimestamp + (BigInt(seconds) << 32n) + BigInt(fraction));
}

/** The middle 32 bits, by which a reception report names a sender report (LSR; RFC 3550, section 6.4.1). */
export function compactNtp(ntpTimestamp: bigint): number {
  return Number(BigInt.asUintN(32, ntpTimestamp >> 16n));
}

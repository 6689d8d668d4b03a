/** Bits for a pixel and second at 30 frames a second: 640×480 gets 1.5 Mbit/s. */
const BITS_PER_PIXEL_SECOND = 4.9;
const MIN_BITRATE = 150_000;

/** The bitrate that a picture of this size is encoded at, in bits a second. */
export function bitrateFor(width: number, height: number, maxBitrate: number): number {
  return Math.round(Math.min(maxBitrate, Math.max(MIN_BITRATE, width * height * BITS_PER_PIXEL_SECOND)));
}

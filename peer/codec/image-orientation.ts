const EXIF = [0x45, 0x78, 0x69, 0x66, 0, 0];
const ORIENTATION_TAG = 0x0112;
const SHORT = 3;
const ENTRY_BYTES = 12;

/**
 * The orientation in an APP1 segment (Exif 3.0, section 4.6; TIFF 6.0, section 2), 1 to 8; undefined where it tells
 * none.
 */
export function readOrientation(segment: Uint8Array): number | undefined {
  if (EXIF.some((byte, index) => segment[index] !== byte)) return undefined;
  const tiff = new DataView(segment.buffer, segment.byteOffset + EXIF.length, segment.length - EXIF.length);
  if (tiff.byteLength < 8) return undefined;
  const little = tiff.getUint16(0) === 0x4949;
  const start = tiff.getUint32(4, little);
  if (start + 2 > tiff.byteLength) return undefined;
  const entries = tiff.getUint16(start, little);
  for (let index = 0; index < entries; index += 1) {
    const at = start + 2 + index * ENTRY_BYTES;
    if (at + ENTRY_BYTES > tiff.byteLength) return undefined;
    if (tiff.getUint16(at, little) !== ORIENTATION_TAG) continue;
    const value = tiff.getUint16(at + 8, little);
    return tiff.getUint16(at + 2, little) === SHORT && value >= 1 && value <= 8 ? value : undefined;
  }
  return undefined;
}

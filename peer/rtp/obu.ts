/** AV1's open bitstream units (AV1 bitstream specification, section 5.3). */

export const ObuType = {
  SEQUENCE_HEADER: 1,
  TEMPORAL_DELIMITER: 2,
  FRAME_HEADER: 3,
  TILE_GROUP: 4,
  FRAME: 6,
  TILE_LIST: 8,
  PADDING: 15,
} as const;

export const HAS_SIZE = 0x02;
export const HAS_EXTENSION = 0x04;
/** obu_forbidden_bit. */
export const FORBIDDEN = 0x80;

/** obu_type, from a unit's first byte. */
export function obuType(header: number): number {
  return (header >> 3) & 0x0f;
}

/** Whether it is coded picture data. */
export function isPicture(type: number): boolean {
  return type === ObuType.FRAME || type === ObuType.FRAME_HEADER || type === ObuType.TILE_GROUP;
}

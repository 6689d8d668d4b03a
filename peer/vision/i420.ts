/**
 * A picture in three 8-bit planes, 4:2:0: one luma sample a pixel, one U and one V sample for every 2×2 pixels.
 * Chroma planes are ceil(width / 2) × ceil(height / 2). A stride is the bytes from one row to the next and may exceed
 * the row's width. Limited range (16–235 luma, 16–240 chroma), BT.601 unless said otherwise.
 */
export interface I420Picture {
  readonly width: number;
  readonly height: number;
  readonly planes: readonly [y: Uint8Array, u: Uint8Array, v: Uint8Array];
  readonly strides: readonly [y: number, u: number, v: number];
}

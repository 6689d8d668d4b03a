import { CODE_RANGE, codeArea, codeBlocks, readCode } from '../../client/compare/time-code.ts';

/** The code of the page that compares: top right, where the man of the test film is not. */
export { CODE_RANGE as BARCODE_RANGE, codeArea as barcodeArea, readCode as readBarcode };

/** Paints `value` into the planes of a tightly packed I420 picture. */
export function paintBarcode(i420: Uint8Array, width: number, height: number, value: number): void {
  for (const { x, y, width: size, level } of codeBlocks(width, value)) {
    for (let row = y; row < y + size; row++) i420.fill(level, row * width + x, row * width + x + size);
  }
  const area = codeArea(width);
  const chromaWidth = width / 2;
  for (const plane of [width * height, width * height * 1.25]) {
    for (let y = 0; y < area.height / 2; y++) {
      const start = plane + (area.y / 2 + y) * chromaWidth + area.x / 2;
      i420.fill(128, start, start + area.width / 2);
    }
  }
}

import { codeArea, readCode } from './time-code.ts';

/** Reads the codes of whatever can be drawn. */
export class CodeReader {
  readonly #context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });

  /**
   * @param width of the picture in pixels
   * @returns undefined where there is none that can be read
   */
  read(source: CanvasImageSource, width: number): number | undefined {
    const { x, y, width: columns, height: rows } = codeArea(width);
    if (!this.#context || columns < 10) return undefined;
    const { canvas } = this.#context;
    if (canvas.width !== columns || canvas.height !== rows)
      Object.assign(canvas, { width: columns, height: rows });
    this.#context.drawImage(source, x, y, columns, rows, 0, 0, columns, rows);
    const { data } = this.#context.getImageData(0, 0, columns, rows);
    // Of grey, the green is the luma.
    const luma = Uint8Array.from({ length: columns * rows }, (_, index) => data[index * 4 + 1] ?? 0);
    return readCode(luma, columns, codeArea(width));
  }
}

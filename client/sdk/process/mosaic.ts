/** So few fields across that a face is one or two of them. */
const ACROSS = 16;

/** Paints pictures so coarsely that nobody is known in them. */
export class Mosaic {
  readonly #canvas = document.createElement('canvas');
  readonly #small = document.createElement('canvas');

  /** @returns a canvas of the given size in pixels, valid until the next call */
  paint(picture: CanvasImageSource, width: number, height: number): HTMLCanvasElement {
    const down = Math.max(1, Math.round((ACROSS * height) / width));
    resize(this.#small, ACROSS, down);
    resize(this.#canvas, width, height);
    this.#small.getContext('2d')?.drawImage(picture, 0, 0, ACROSS, down);
    const context = this.#canvas.getContext('2d');
    if (context) context.imageSmoothingEnabled = false;
    context?.drawImage(this.#small, 0, 0, width, height);
    return this.#canvas;
  }
}

/** Only where it changes: setting the size clears a canvas. */
export function resize(canvas: HTMLCanvasElement, width: number, height: number): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}

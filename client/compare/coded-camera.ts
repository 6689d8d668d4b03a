import { CODE_RANGE, codeBlocks } from './time-code.ts';

const FRAMES_A_SECOND = 30;

/** A camera whose every frame says which one it is, so that it can be known again wherever it is shown. */
export class CodedCamera {
  /** What is to be sent. */
  readonly stream: MediaStream;
  readonly #camera: MediaStream;
  readonly #video = document.createElement('video');
  readonly #context: CanvasRenderingContext2D;
  readonly #sentAt = new Float64Array(CODE_RANGE);
  #count = 0;

  /** @param camera stopped by `close()` */
  static async open(camera: MediaStream): Promise<CodedCamera> {
    const coded = new CodedCamera(camera);
    await coded.#video.play();
    coded.#video.requestVideoFrameCallback(() => coded.#paint());
    return coded;
  }

  private constructor(camera: MediaStream) {
    this.#camera = camera;
    this.#video.muted = true;
    this.#video.srcObject = camera;
    const { width = 640, height = 480 } = camera.getVideoTracks()[0]?.getSettings() ?? {};
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width, height });
    const context = canvas.getContext('2d', { alpha: false, desynchronized: true });
    if (!context) throw new Error('Cannot draw the code: this browser gives no canvas');
    this.#context = context;
    this.stream = canvas.captureStream(FRAMES_A_SECOND);
  }

  /**
   * Milliseconds since a frame was handed over.
   * @returns undefined where it was not lately: then the code was misread
   */
  ageOf(value: number, now: number): number | undefined {
    const age = now - (this.#sentAt[value] ?? 0);
    return this.#sentAt[value] !== 0 && age >= 0 && age < 10_000 ? age : undefined;
  }

  close(): void {
    for (const track of [...this.#camera.getTracks(), ...this.stream.getTracks()]) track.stop();
    this.#video.srcObject = null;
  }

  #paint(): void {
    if (!this.#video.srcObject) return;
    this.#video.requestVideoFrameCallback(() => this.#paint());
    const context = this.#context;
    const { width, height } = context.canvas;
    context.drawImage(this.#video, 0, 0, width, height);
    const value = this.#count++ % CODE_RANGE;
    for (const { x, y, width: size, level } of codeBlocks(width, value)) {
      context.fillStyle = `rgb(${level} ${level} ${level})`;
      context.fillRect(x, y, size, size);
    }
    this.#sentAt[value] = performance.now();
  }
}

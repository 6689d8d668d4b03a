import { Mosaic, resize } from './mosaic.ts';
import type { PictureInput, PictureOutput } from './picture-output.ts';
import { type PictureSource, SourceChoice } from './source-choice.ts';

/** Hidden pages show no frames; their timers run once a second at most. */
const HIDDEN_MS = 1_000;

/** Paints the frames on a canvas, as often as the page shows them, and once a second where it is hidden. */
export class CanvasOutput implements PictureOutput {
  readonly track: MediaStreamTrack;
  readonly #canvas = document.createElement('canvas');
  readonly #context = this.#canvas.getContext('2d', { alpha: false });
  readonly #choice = new SourceChoice();
  readonly #mosaic: Mosaic | undefined;
  readonly #videos = { camera: createVideo(), annotated: createVideo() };
  readonly #stream: MediaStream;
  readonly #input: PictureInput;
  readonly #timer: ReturnType<typeof setInterval>;
  #closed = false;

  static async open(input: PictureInput): Promise<CanvasOutput> {
    const output = new CanvasOutput(input);
    await output.#play('camera', input.camera);
    return output;
  }

  private constructor(input: PictureInput) {
    this.#input = input;
    this.#mosaic = input.covered ? new Mosaic() : undefined;
    this.#stream = this.#canvas.captureStream();
    const [track] = this.#stream.getVideoTracks();
    if (!track) throw new TypeError('Cannot paint: expected a track of the canvas, found none');
    this.track = track.clone();
    this.#timer = setInterval(() => this.#lookAfter(), HIDDEN_MS);
    for (const source of ['camera', 'annotated'] as const) this.#await(source);
  }

  follow(annotated: MediaStreamTrack | null): void {
    this.#tell(() => this.#choice.lost());
    if (this.#closed) return;
    if (annotated) void this.#play('annotated', annotated);
    else this.#videos.annotated.srcObject = null;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    for (const video of Object.values(this.#videos)) video.srcObject = null;
    for (const track of this.#stream.getTracks()) track.stop();
  }

  async #play(source: PictureSource, track: MediaStreamTrack): Promise<void> {
    this.#videos[source].srcObject = new MediaStream([track]);
    await this.#videos[source].play().catch(() => undefined); // replaced before it began
  }

  #await(source: PictureSource): void {
    this.#videos[source].requestVideoFrameCallback(() => {
      if (this.#closed) return;
      this.#await(source);
      if (this.#tell(() => this.#choice.push(source, performance.now()))) this.#paint(source);
    });
  }

  #lookAfter(): void {
    if (this.#input.camera.readyState === 'ended') {
      clearInterval(this.#timer);
      this.#input.onCameraEnd();
    } else if (document.hidden) {
      this.#paint(this.#choice.shown);
    }
  }

  #paint(source: PictureSource): void {
    const video = this.#videos[source];
    const { videoWidth: width, videoHeight: height } = video;
    if (width === 0) return;
    resize(this.#canvas, width, height);
    const picture = source === 'camera' && this.#mosaic ? this.#mosaic.paint(video, width, height) : video;
    this.#context?.drawImage(picture, 0, 0, width, height);
  }

  #tell<T>(change: () => T): T {
    const before = this.#choice.shown;
    const result = change();
    if (this.#choice.shown !== before) this.#input.onSource(this.#choice.shown);
    return result;
  }
}

function createVideo(): HTMLVideoElement {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  return video;
}

import { element } from '../page/elements.ts';
import type { Call } from '../sdk/call.ts';
import { type Board, type WayName, wayNames } from './board.ts';
import type { CodedCamera } from './coded-camera.ts';
import { measureCosts } from './cost-round.ts';
import { peerCpu } from './cpu.ts';
import { FramesWay } from './frames-way.ts';
import { MjpegWay } from './mjpeg-way.ts';
import type { Way } from './way.ts';
import { WebrtcWay } from './webrtc-way.ts';

const FIGURES_MS = 500;

export interface ComparisonOptions {
  readonly call: Call;
  readonly camera: CodedCamera;
  readonly url: URL;
  readonly key: string | undefined;
  readonly board: Board;
}

/** One call whose picture comes back by three ways at once. */
export class Comparison {
  readonly #options: ComparisonOptions;
  readonly #ways: Readonly<Record<WayName, Way>>;
  readonly #ended = new AbortController();
  readonly #timer: number;

  /** The call and the camera belong to it from now on. */
  static async open(options: ComparisonOptions): Promise<Comparison> {
    const comparison = new Comparison(options);
    options.board.tell('All three at once', 'good');
    // A picture has to have come before it can be shown to others.
    await firstTrack(options.call);
    await Promise.all([comparison.#ways.mjpeg.turn(true), comparison.#ways.frames.turn(true)]);
    return comparison;
  }

  private constructor(options: ComparisonOptions) {
    this.#options = options;
    const { call, camera, url, key } = options;
    const { sessionId } = call;
    const setup = { camera, sessionId, url, key };
    const frames = new FramesWay(setup, element('frames', HTMLCanvasElement));
    this.#ways = {
      webrtc: new WebrtcWay(call, camera, element('webrtc', HTMLVideoElement)),
      frames,
      mjpeg: new MjpegWay(setup, element('mjpeg', HTMLImageElement), () => frames.frameBytes),
    };
    this.#timer = setInterval(() => void this.#tell(), FIGURES_MS);
  }

  /** What each costs the server by itself. */
  async measure(board: Board): Promise<void> {
    const { url, call } = this.#options;
    board.measuring(true);
    const costs = await measureCosts({
      ways: this.#ways,
      url,
      sessionId: call.sessionId,
      onStep: (name) => board.tell(name ? `${board.title(name)} alone` : 'With none of them', 'busy'),
      signal: this.#ended.signal,
    });
    board.measuring(false);
    if (this.#ended.signal.aborted) return;
    board.costs(costs);
    board.tell('All three at once', 'good');
  }

  close(): void {
    this.#ended.abort();
    clearInterval(this.#timer);
    for (const name of wayNames) this.#ways[name].close();
    this.#options.call.close();
    this.#options.camera.close();
  }

  async #tell(): Promise<void> {
    const { board, url, call } = this.#options;
    const now = performance.now();
    for (const name of wayNames) board.figures(name, this.#ways[name].figures.read(now));
    const cpu = await peerCpu(url, call.sessionId);
    if (!this.#ended.signal.aborted) board.cpu(cpu);
  }
}

function firstTrack(call: Call): Promise<void> {
  if (call.tracks.length > 0) return Promise.resolve();
  return new Promise((resolve) => {
    const end = call.on('track', () => {
      end();
      resolve();
    });
  });
}

import { EventEmitter } from 'node:events';
import type { ModelManifest } from '../../models/manifest.ts';
import type { Detections } from '../../protocol/detections.ts';
import { SightlineError } from '../../protocol/errors.ts';
import type { Spread } from '../../protocol/session.ts';
import type { Codecs } from '../codec/codecs.ts';
import type { VideoFrame } from '../codec/video-frame.ts';
import type { RateLimitedWarning } from '../rate-limited-warning.ts';
import type { FrameRecord } from './frame-record.ts';
import type { LookState } from './look-health.ts';
import type { LaneResult, TaskLane } from './task-lane.ts';
import { type LaneSetup, TaskLanes } from './task-lanes.ts';
import { toDetections } from './to-detections.ts';

/** A picture of more pixels than 8K UHD is not worked on. */
const MAX_PIXELS = 7680 * 4320;

/** Before anything is measured. */
const NO_SPREAD: Spread = { p50: 0, p95: 0, count: 0 };

/**
 * Shows, sends or keeps the frames of a scene. It asks the scene to draw into those alone that it really needs:
 * newest wins in each for itself, and none waits for another.
 */
export interface FrameSink {
  /** Takes over the frame. What it throws is a warning in the log; the other sinks get the frame all the same. */
  push(frame: VideoFrame, record: FrameRecord): void;
}

export interface SceneEvents {
  /** One message of the `detections` channel. */
  result: [result: Detections];
  /** A model of a task or an effect fails again and again, or works; `cause` is that of its last failure. */
  model: [manifest: ModelManifest, state: LookState, cause: unknown];
}

export interface SceneOptions {
  readonly sessionId: string;
  /** Names the picture within its session. */
  readonly mid: string;
  readonly codecs: Codecs;
  readonly setup: LaneSetup;
  /** Unix milliseconds of a frame's capture. */
  readonly captureTime: (record: FrameRecord) => number;
  readonly warn: RateLimitedWarning;
}

/**
 * One moving picture, wherever it comes from: what looks at its frames, what is known of them, and who is shown them.
 * In `live` a frame goes to the sinks at once, in `exact` with its own result.
 */
export class Scene extends EventEmitter<SceneEvents> {
  readonly #options: SceneOptions;
  readonly #lanes: TaskLanes;
  readonly #sinks = new Set<FrameSink>();
  #size = { width: 0, height: 0 };
  #seq = 0;
  #frames = 0;

  constructor(options: SceneOptions) {
    super();
    // Every reader of results and every recording listens.
    this.setMaxListeners(0);
    this.#options = options;
    this.#lanes = new TaskLanes({
      codecs: options.codecs,
      setup: options.setup,
      captureTime: options.captureTime,
      onResult: (lane, result) => this.#onResult(lane, result),
      onState: ({ engine }, state, cause) => this.emit('model', engine.manifest, state, cause),
      onExamined: (frame, record) => this.#show(frame, record),
      warn: options.warn,
    });
  }

  get mid(): string {
    return this.#options.mid;
  }

  /** Width and height of the newest frame in pixels; 0 before the first. */
  get size(): { readonly width: number; readonly height: number } {
    return this.#size;
  }

  /** Frames that came so far. */
  get frames(): number {
    return this.#frames;
  }

  /** Results so far, of all tasks. */
  get results(): number {
    return this.#lanes.lanes.reduce((sum, { stage }) => sum + stage.results, 0);
  }

  /** Of the first task: how long frames waited for its model, and how long that took. */
  get timings(): { readonly wait: Spread; readonly infer: Spread } {
    const [first] = this.#lanes.lanes;
    return { wait: first?.stage.wait.spread() ?? NO_SPREAD, infer: first?.stage.infer.spread() ?? NO_SPREAD };
  }

  /** Whether anything is to be hidden: then a frame must not be shown without `compose()`. */
  get hides(): boolean {
    return this.#lanes.hides;
  }

  /** Unix milliseconds of a frame's capture, as results have it. */
  captureTime(record: FrameRecord): number {
    return this.#options.captureTime(record);
  }

  /**
   * Shows the frames from now on to one more.
   * @returns ends it; whatever the sink holds is its own to free
   */
  addSink(sink: FrameSink): () => void {
    this.#sinks.add(sink);
    return () => this.#sinks.delete(sink);
  }

  /** Changes what is looked for and hidden. */
  configure(setup: LaneSetup): void {
    this.#lanes.configure(setup);
  }

  /**
   * Takes over a frame, unless it throws.
   * @throws SightlineError `codec-failed` where it has more pixels than any picture that is worked on
   */
  push(frame: VideoFrame, record: FrameRecord): void {
    const { width, height } = frame;
    if (width * height > MAX_PIXELS) {
      throw new SightlineError(
        'codec-failed',
        `Cannot take a frame of ${width}×${height}: expected at most ${MAX_PIXELS} pixels`,
      );
    }
    this.#size = { width, height };
    this.#frames++;
    this.#lanes.push(frame.share(), record);
    if (this.#lanes.exact) frame.close();
    else this.#show(frame, record);
  }

  /**
   * Hides what is to be hidden, then draws what is known, into a frame that is shown to somebody.
   * @throws where something could not be hidden: then the frame must not be shown
   */
  compose(frame: VideoFrame): void {
    this.#lanes.compose(frame);
  }

  #show(frame: VideoFrame, record: FrameRecord): void {
    using _owned = frame;
    for (const sink of this.#sinks) {
      try {
        sink.push(frame.share(), record);
      } catch (error) {
        this.#options.warn({ error }, 'Frame not shown');
      }
    }
  }

  #onResult({ engine }: TaskLane, result: LaneResult): void {
    const { sessionId, mid } = this.#options;
    this.emit('result', toDetections(result, { sessionId, mid, seq: this.#seq++, engine }));
  }

  /** Waits until no frame is held any more, but by sinks. */
  async close(): Promise<void> {
    this.#sinks.clear();
    await this.#lanes.close();
    this.removeAllListeners();
  }
}

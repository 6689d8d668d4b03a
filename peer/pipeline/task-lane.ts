import type { DetectedObject } from '../../protocol/detections.ts';
import type { SceneEvent } from '../../protocol/events.ts';
import type { Zones } from '../../protocol/zones.ts';
import type { Codecs } from '../codec/codecs.ts';
import type { VideoFrame } from '../codec/video-frame.ts';
import type { Engine } from '../inference/engine.ts';
import type { InferenceResult } from '../inference/frame-job.ts';
import type { RateLimitedWarning } from '../rate-limited-warning.ts';
import { StillPicture } from '../vision/still-picture.ts';
import { type Analysed, AnalysisStage } from './analysis-stage.ts';
import type { FrameRecord } from './frame-record.ts';
import { LatencyBudget } from './latency-budget.ts';
import type { LookState } from './look-health.ts';
import { SceneWatch } from './scene-watch.ts';
import { type Known, TaskOverlay } from './task-overlay.ts';

/** What may change while the lane runs. */
export interface LaneSettings {
  readonly threshold: number;
  /** Labels that are drawn and reported; all where undefined. */
  readonly classes: readonly string[] | undefined;
  /** Frames a second that are looked at, at most. */
  readonly rate: number | undefined;
  /** Milliseconds to a result past which fewer frames are looked at. */
  readonly budgetMs?: number | undefined;
}

/** One result of a lane. */
export interface LaneResult {
  readonly objects: readonly DetectedObject[];
  readonly mask: InferenceResult['mask'];
  readonly events: readonly SceneEvent[];
  /** Unix milliseconds. */
  readonly captureTime: number;
  readonly analysed: Analysed;
}

export interface TaskLaneOptions {
  readonly engine: Engine;
  readonly codecs: Codecs;
  readonly settings: LaneSettings;
  readonly zones: Zones;
  /** Whether a picture in which nothing moves is looked at but now and then. */
  readonly mayRest: boolean;
  /** Whether every frame waits for its own result. */
  readonly exact: () => boolean;
  /** Unix milliseconds of a frame's capture. */
  readonly captureTime: (record: FrameRecord) => number;
  readonly onResult: (lane: TaskLane, result: LaneResult) => void;
  /** As {@link AnalysisStageOptions.onState}. */
  readonly onState: (lane: TaskLane, state: LookState, cause: unknown) => void;
  /** In `exact`: takes over the frame, with its result known, or without one where it could not be looked at. */
  readonly onExamined: (frame: VideoFrame, record: FrameRecord) => void;
  readonly warn: RateLimitedWarning;
}

/** A picture in which nothing moves is looked at this often, to see what has changed in the model's eyes. */
const STILL_MS = 800;
/** Frames come a little early now and then: half a frame. */
const EARLY_MS = 16;

/** One task of one track: which frames are looked at, what was found, and where it is by now. */
export class TaskLane {
  readonly #options: TaskLaneOptions;
  readonly #analysis: AnalysisStage;
  readonly #overlay: TaskOverlay;
  readonly #scene: SceneWatch;
  readonly #still = new StillPicture();
  readonly #budget = new LatencyBudget();
  #settings: LaneSettings;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #gated = 0;

  constructor(options: TaskLaneOptions) {
    const { engine, codecs, settings, zones, warn } = options;
    this.#options = options;
    this.#settings = settings;
    this.#overlay = new TaskOverlay(engine.manifest.task);
    this.#scene = new SceneWatch(engine.manifest.task);
    this.#scene.configure(zones);
    this.#analysis = new AnalysisStage({
      source: engine.addSource(),
      scaler: codecs.newScaler(),
      threshold: () => this.#overlay.lowest(this.#settings.threshold),
      onResult: (analysed) => this.#onAnalysed(analysed),
      onState: (state, cause) => options.onState(this, state, cause),
      onExamined: options.onExamined,
      warn,
    });
  }

  get engine(): Engine {
    return this.#options.engine;
  }

  get stage(): AnalysisStage {
    return this.#analysis;
  }

  /** Frames that were not looked at because nothing had moved. */
  get gated(): number {
    return this.#gated;
  }

  configure(settings: LaneSettings, zones: Zones): void {
    this.#settings = settings;
    this.#scene.configure(zones);
  }

  /** Takes over the frame. */
  push(frame: VideoFrame, record: FrameRecord): void {
    if (this.#options.exact()) {
      this.#analysis.push(frame.share(), record, frame);
    } else if (this.#isTime(record.decodedAt) && !this.#isStill(frame, record.decodedAt)) {
      this.#lookedAt = record.decodedAt;
      this.#analysis.push(frame, record);
    } else {
      frame.close();
    }
  }

  /** What to draw on the frame with this RTP timestamp. */
  drawnOn(timestamp: number): Known & { zones: ReturnType<SceneWatch['drawn']> } {
    const known = this.#options.exact() ? this.#overlay.exactlyAt(timestamp) : this.#overlay.at(timestamp);
    return { ...known, objects: this.#wanted(known.objects), zones: this.#scene.drawn() };
  }

  #isTime(nowMs: number): boolean {
    const { rate } = this.#settings;
    return rate === undefined || nowMs - this.#lookedAt >= 1000 / (rate * this.#budget.share) - EARLY_MS;
  }

  #isStill(frame: VideoFrame, nowMs: number): boolean {
    if (!this.#options.mayRest) return false;
    const { picture } = frame;
    if (nowMs - this.#lookedAt < STILL_MS && this.#still.isStill(picture)) {
      this.#gated++;
      return true;
    }
    this.#still.remember(picture);
    return false;
  }

  #wanted(objects: readonly DetectedObject[]): DetectedObject[] {
    const { classes } = this.#settings;
    return classes === undefined ? [...objects] : objects.filter(({ label }) => classes.includes(label));
  }

  #onAnalysed(analysed: Analysed): void {
    const { result, record, size } = analysed;
    const { wait, prepare, infer } = result.timings;
    this.#budget.push(wait + prepare + infer, this.#settings.budgetMs);
    const frame = { timestamp: record.timestamp, ...size };
    const { objects, seconds } = this.#overlay.update(result, frame, this.#settings.threshold);
    const wanted = this.#wanted(objects);
    const captureTime = this.#options.captureTime(record);
    const aspect = size.width / size.height;
    const events = this.#scene.update(wanted, {
      seconds,
      rtpTimestamp: record.timestamp,
      captureTime,
      aspect,
    });
    this.#options.onResult(this, { objects: wanted, mask: result.mask, events, captureTime, analysed });
  }

  /** Waits until no frame is held any more. */
  close(): Promise<void> {
    return this.#analysis.close();
  }
}

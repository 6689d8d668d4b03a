import type { Output } from '../../protocol/session.ts';
import type { Sync } from '../../protocol/tasks.ts';
import type { Zones } from '../../protocol/zones.ts';
import type { Codecs } from '../codec/codecs.ts';
import type { VideoFrame } from '../codec/video-frame.ts';
import type { Engine } from '../inference/engine.ts';
import type { RateLimitedWarning } from '../rate-limited-warning.ts';
import { Privacy, type PrivacyEffect } from '../vision/effects/privacy.ts';
import { drawFound } from '../vision/overlay.ts';
import type { FrameRecord } from './frame-record.ts';
import type { LookState } from './look-health.ts';
import { type LaneResult, type LaneSettings, TaskLane } from './task-lane.ts';

/** What is done with the frames of a track. */
export interface LaneSetup {
  readonly tasks: readonly { readonly engine: Engine; readonly settings: LaneSettings }[];
  /** What is hidden, and the model that says where it is. */
  readonly privacy: readonly { readonly effect: PrivacyEffect; readonly engine: Engine }[];
  readonly sync: Sync;
  readonly zones: Zones;
  readonly output: Output;
}

export interface TaskLanesOptions {
  readonly codecs: Codecs;
  readonly setup: LaneSetup;
  readonly captureTime: (record: FrameRecord) => number;
  readonly onResult: (lane: TaskLane, result: LaneResult) => void;
  /** Whether the model of a task or an effect fails again and again has changed, or is known for the first time. */
  readonly onState?: (lane: TaskLane, state: LookState, cause: unknown) => void;
  /** In `exact`: takes over the frame whose time to go out has come. */
  readonly onExamined: (frame: VideoFrame, record: FrameRecord) => void;
  readonly warn: RateLimitedWarning;
}

/** Every face that may be one is hidden. */
const PRIVACY_THRESHOLD = 0.3;
/** RTP ticks for which a result of a privacy model is fresh: some results of a slow model. */
const PRIVACY_MAX_AGE = 45_000;
/** Margin around a face, in sizes of it: hair and ears are known as well. */
const PRIVACY_GROWTH = 0.2;

interface Cover {
  readonly lane: TaskLane;
  readonly privacy: Privacy;
  readonly effect: PrivacyEffect;
}

/** All that looks at the frames of one track, and draws what it knows into those that go out. */
export class TaskLanes {
  readonly #options: TaskLanesOptions;
  #setup: LaneSetup;
  #lanes: readonly TaskLane[] = [];
  #covers: readonly Cover[] = [];
  readonly #closing = new Set<Promise<void>>();

  constructor(options: TaskLanesOptions) {
    this.#options = options;
    this.#setup = options.setup;
    this.configure(options.setup);
  }

  get lanes(): readonly TaskLane[] {
    return this.#lanes;
  }

  /** Whether frames go out only with their own result. */
  get exact(): boolean {
    return this.#setup.sync === 'exact';
  }

  /** Whether anything is to be hidden. */
  get hides(): boolean {
    return this.#covers.length > 0;
  }

  /** Changes what is looked for. A task whose model stays keeps what it knows. */
  configure(setup: LaneSetup): void {
    this.#setup = setup;
    const before = [...this.#lanes];
    this.#lanes = setup.tasks.map(({ engine, settings }) => {
      const at = before.findIndex((lane) => lane.engine === engine);
      const [kept] = at < 0 ? [] : before.splice(at, 1);
      kept?.configure(settings, setup.zones);
      return kept ?? this.#open(engine, settings, setup.zones);
    });
    const coversBefore = [...this.#covers];
    this.#covers = setup.privacy.map(({ engine, effect }) => {
      const at = coversBefore.findIndex(
        (cover) => cover.lane.engine === engine && isSame(cover.effect, effect),
      );
      const [kept] = at < 0 ? [] : coversBefore.splice(at, 1);
      return kept ?? this.#openCover(engine, effect);
    });
    for (const lane of [...before, ...coversBefore.map((cover) => cover.lane)]) this.#retire(lane);
  }

  /** Takes over the frame. */
  push(frame: VideoFrame, record: FrameRecord): void {
    const lanes = [...this.#covers.map(({ lane }) => lane), ...this.#lanes].reverse();
    for (const lane of lanes) lane.push(frame.share(), record);
    frame.close();
  }

  /**
   * Hides what is to be hidden, then draws what is known, into a frame that goes out.
   * @throws where something could not be hidden: then the frame must not go out
   */
  compose(frame: VideoFrame): void {
    for (const { privacy } of this.#covers) {
      frame.makeWritable();
      privacy.apply(frame.picture, frame.timestamp);
    }
    for (const [index, lane] of this.#lanes.entries()) this.#draw(frame, lane, index === 0);
  }

  #draw(frame: VideoFrame, lane: TaskLane, isFirst: boolean): void {
    const { objects, mask, zones } = lane.drawnOn(frame.timestamp);
    const shown = isFirst ? zones : [];
    if (objects.length === 0 && mask === undefined && shown.length === 0) return;
    frame.makeWritable();
    const isOfFrame = lane.engine.manifest.task === 'classify';
    drawFound(frame.picture, {
      objects: isOfFrame ? [] : [...objects],
      ...(isOfFrame ? { classes: objects } : {}),
      ...(mask === undefined ? {} : { mask }),
      zones: shown,
    });
  }

  #open(engine: Engine, settings: LaneSettings, zones: Zones): TaskLane {
    const { codecs, captureTime, onResult, onExamined, warn } = this.#options;
    const lane: TaskLane = new TaskLane({
      engine,
      codecs,
      settings,
      zones,
      mayRest: true,
      exact: () => this.exact && this.#lanes[0] === lane,
      captureTime,
      onResult,
      onState: (...change) => this.#options.onState?.(...change),
      onExamined,
      warn,
    });
    return lane;
  }

  #openCover(engine: Engine, effect: PrivacyEffect): Cover {
    const { codecs, captureTime, onExamined, warn } = this.#options;
    const privacy = new Privacy({ effect, maxAgeTicks: PRIVACY_MAX_AGE, growth: PRIVACY_GROWTH });
    const lane = new TaskLane({
      engine,
      codecs,
      settings: { threshold: PRIVACY_THRESHOLD, classes: undefined, rate: undefined },
      zones: [],
      mayRest: false,
      exact: () => false,
      captureTime,
      // As the model has it: what a tracker is not sure of yet is hidden as well.
      onResult: (_, { analysed: { result, record } }) => {
        const sure = result.objects.filter(({ score }) => score >= PRIVACY_THRESHOLD);
        privacy.update(result.mask ?? sure.map(({ box }) => box), record.timestamp);
      },
      onState: (...change) => this.#options.onState?.(...change),
      onExamined,
      warn,
    });
    return { lane, privacy, effect };
  }

  /** What it has in work comes to its end by itself. */
  #retire(lane: TaskLane): void {
    const closing = lane.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  /** Waits until no frame is held any more. */
  async close(): Promise<void> {
    const lanes = [...this.#lanes, ...this.#covers.map(({ lane }) => lane)];
    await Promise.all([...lanes.map((lane) => lane.close()), ...this.#closing]);
  }
}

function isSame(one: PrivacyEffect, other: PrivacyEffect): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

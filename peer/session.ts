import { EventEmitter } from 'node:events';
import type { SceneEvent } from '../protocol/events.ts';
import type { IcePatch, IcePatched } from '../protocol/ice.ts';
import type { CurrentSettings, LiveSettings, Offer, SessionDescription } from '../protocol/session.ts';
import type { Codecs } from './codec/codecs.ts';
import { answerControl } from './control.ts';
import type { Engines } from './engines.ts';
import type { LoadMeter } from './load-meter.ts';
import type { Logger } from './log.ts';
import type { LaneSetup } from './pipeline/task-lanes.ts';
import { VideoPipeline } from './pipeline/video-pipeline.ts';
import { type Chosen, choose, describe, load, NOTHING_CHOSEN } from './session-settings.ts';
import { Connection } from './transport/connection.ts';
import type { IceSettings } from './transport/ice-settings.ts';
import type { VideoTrack } from './transport/video-track.ts';

export interface SessionEvents {
  /** Once, after everything is freed. */
  close: [reason: string];
  /** Something happened in front of a camera. */
  event: [event: SceneEvent];
}

export interface SessionOptions {
  readonly sessionId: string;
  readonly offer: Offer;
  readonly engines: Engines;
  readonly codecs: Codecs;
  readonly load: LoadMeter;
  readonly ice: IceSettings;
  readonly connectTimeoutMs: number;
  readonly maxBitrate: number;
  readonly log: Logger;
}

/** One caller: a connection, and a pipeline for each of its camera tracks. */
export class Session extends EventEmitter<SessionEvents> {
  readonly #options: SessionOptions;
  readonly #connection: Connection;
  #chosen: Chosen;
  #setup: LaneSetup;
  /** Changes are made one after the other. */
  #changing: Promise<unknown> = Promise.resolve();
  readonly #createdAt = Date.now();
  #opening: Promise<unknown> = Promise.resolve();
  #pipelines: readonly VideoPipeline[] = [];
  #closeReason: string | undefined;
  #closing: Promise<void> | undefined;

  /**
   * Answers the offer; media flows from now on.
   * @throws SightlineError `model-unknown`, `model-unavailable`, `tasks-invalid`, `zone-invalid`, `sdp-invalid`,
   * `no-video`, `codec-unsupported`
   */
  static async open(options: SessionOptions): Promise<{ session: Session; sdp: string }> {
    const log = options.log.child({ sessionId: options.sessionId });
    const chosen = choose(NOTHING_CHOSEN, options.offer);
    const setup = await load(chosen, options.engines);
    const { ice, connectTimeoutMs, maxBitrate } = options;
    const { connection, sdp } = await Connection.answer(options.offer.sdp, {
      ice,
      connectTimeoutMs,
      maxBitrate,
      log,
    });
    const session = new Session({ ...options, log }, connection, chosen, setup);
    try {
      session.#opening = session.#openPipelines();
      await session.#opening;
    } catch (error) {
      await session.close('pipeline not opened');
      throw error;
    }
    log.info({ models: setup.tasks.map(({ engine }) => engine.manifest.id) }, 'Session opened');
    return { session, sdp };
  }

  private constructor(options: SessionOptions, connection: Connection, chosen: Chosen, setup: LaneSetup) {
    super();
    this.#options = options;
    this.#connection = connection;
    this.#chosen = chosen;
    this.#setup = setup;
    options.engines.on('lost', this.#onModelLost);
    connection.on('control', (message, answer) => {
      void answerControl(message, (settings) => this.configure(settings)).then(answer);
    });
    connection.once('close', (reason) => void this.close(reason));
    if (connection.state === 'closed') void this.close('closed while it was answered');
  }

  /** A session whose model is lost would go on without results for ever. */
  readonly #onModelLost = (id: string): void => {
    const used = [...this.#setup.tasks, ...this.#setup.privacy];
    if (used.some(({ engine }) => engine.manifest.id === id)) void this.close('the model failed');
  };

  async #openPipelines(): Promise<void> {
    const opened = await Promise.allSettled(
      this.#connection.tracks.map((track) => this.#openPipeline(track)),
    );
    this.#pipelines = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failed = opened.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  #openPipeline(track: VideoTrack): Promise<VideoPipeline> {
    const { sessionId, codecs, maxBitrate, log } = this.#options;
    const { detections, congestion, tracks } = this.#connection;
    return VideoPipeline.open({
      sessionId,
      track,
      codecs,
      setup: this.#setup,
      maxBitrate,
      // Cameras of one call share what the way back carries.
      available: () => ({
        bitrate: (congestion?.targetBitrate ?? maxBitrate) / tracks.length,
        overflowing: congestion?.overflowing ?? false,
      }),
      onResult: (result) => {
        detections.send(result);
        const { mid, events = [] } = result;
        for (const event of events) this.emit('event', { ...event, sessionId, mid });
      },
      resultsDropped: () => detections.dropped,
      eventLoopDelay: () => this.#options.load.eventLoopDelay,
      log,
    });
  }

  get closed(): boolean {
    return this.#closing !== undefined;
  }

  /**
   * Changes settings while the call runs, without a glitch in the video: models are loaded first. Nothing is changed where
   * something is wrong.
   * @returns the settings as they are from now on
   * @throws SightlineError `tasks-invalid`, `zone-invalid`, `model-unknown`, `model-unavailable`
   */
  configure(changes: LiveSettings): Promise<CurrentSettings> {
    const changed = this.#changing.then(() => this.#configure(changes));
    this.#changing = changed.catch(() => undefined);
    return changed;
  }

  async #configure(changes: LiveSettings): Promise<CurrentSettings> {
    const chosen = choose(this.#chosen, changes);
    const setup = await load(chosen, this.#options.engines);
    if (!this.closed) {
      this.#chosen = chosen;
      this.#setup = setup;
      for (const pipeline of this.#pipelines) pipeline.configure(setup);
    }
    return describe(chosen, setup);
  }

  /** Names the ICE session: another after each restart. */
  get iceSession(): string {
    return this.#connection.iceSession;
  }

  /** Takes candidates of the client, or restarts ICE. */
  patchIce(patch: IcePatch): Promise<IcePatched> {
    return this.#connection.patchIce(patch);
  }

  describe(): SessionDescription {
    const { diagnosis } = this.#connection;
    return {
      sessionId: this.#options.sessionId,
      state: this.#connection.state,
      createdAt: this.#createdAt,
      ...describe(this.#chosen, this.#setup),
      packetsUnroutable: this.#connection.packetsUnroutable,
      packetsRefused: this.#connection.packetsRefused,
      feedbackMissing: this.#connection.congestion?.feedbackMissing ?? false,
      tracks: this.#pipelines.map((pipeline) => pipeline.stats()),
      ...(this.#closeReason !== undefined && { closeReason: this.#closeReason }),
      ...(diagnosis.length > 0 && { diagnosis: [...diagnosis] }),
    };
  }

  /** Ends the call and frees everything. Idempotent; the first reason wins. */
  close(reason: string): Promise<void> {
    this.#closeReason ??= reason;
    this.#closing ??= this.#close(reason);
    return this.#closing;
  }

  /** Never rejects: the place is given back whatever happens. */
  async #close(reason: string): Promise<void> {
    this.#options.engines.off('lost', this.#onModelLost);
    await this.#connection.close(reason);
    await this.#opening.catch(() => {});
    for (const closed of await Promise.allSettled(this.#pipelines.map((pipeline) => pipeline.close()))) {
      if (closed.status === 'rejected')
        this.#options.log.error({ error: closed.reason }, 'Pipeline not closed cleanly');
    }
    this.#options.log.info({ reason }, 'Session closed');
    this.emit('close', reason);
    this.removeAllListeners();
  }
}

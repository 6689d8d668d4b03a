import { EventEmitter } from 'node:events';
import type { IcePatch, IcePatched } from '../protocol/ice.ts';
import type { CurrentSettings, LiveSettings, Offer, SessionDescription } from '../protocol/session.ts';
import type { Codecs } from './codec/codecs.ts';
import { answerControl } from './control.ts';
import type { Engines } from './engines.ts';
import type { Engine } from './inference/engine.ts';
import type { LoadMeter } from './load-meter.ts';
import type { Logger } from './log.ts';
import { VideoPipeline } from './pipeline/video-pipeline.ts';
import { Connection } from './transport/connection.ts';
import type { IceSettings } from './transport/ice-settings.ts';
import type { VideoTrack } from './transport/video-track.ts';

export interface SessionEvents {
  /** Once, after everything is freed. */
  close: [reason: string];
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
  readonly #engine: Engine;
  #settings: CurrentSettings;
  readonly #createdAt = Date.now();
  #opening: Promise<unknown> = Promise.resolve();
  #pipelines: readonly VideoPipeline[] = [];
  #closeReason: string | undefined;
  #closing: Promise<void> | undefined;

  /**
   * Answers the offer; media flows from now on.
   * @throws SightlineError `model-unknown`, `sdp-invalid`, `no-video`, `codec-unsupported`
   */
  static async open(options: SessionOptions): Promise<{ session: Session; sdp: string }> {
    const log = options.log.child({ sessionId: options.sessionId });
    const engine = await options.engines.get(options.offer.model);
    const { ice, connectTimeoutMs, maxBitrate } = options;
    const { connection, sdp } = await Connection.answer(options.offer.sdp, {
      ice,
      connectTimeoutMs,
      maxBitrate,
      log,
    });
    const session = new Session({ ...options, log }, connection, engine);
    try {
      session.#opening = session.#openPipelines();
      await session.#opening;
    } catch (error) {
      await session.close('pipeline not opened');
      throw error;
    }
    log.info({ model: engine.manifest.id }, 'Session opened');
    return { session, sdp };
  }

  private constructor(options: SessionOptions, connection: Connection, engine: Engine) {
    super();
    this.#options = options;
    this.#connection = connection;
    this.#engine = engine;
    const { threshold = engine.manifest.threshold, output = 'annotated' } = options.offer;
    this.#settings = { threshold, output };
    connection.on('control', (message, answer) =>
      answer(answerControl(message, (settings) => this.configure(settings))),
    );
    connection.once('close', (reason) => void this.close(reason));
    void engine.closed.then(() => this.close('the model failed'));
    if (connection.state === 'closed') void this.close('closed while it was answered');
  }

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
      engine: this.#engine,
      settings: this.#settings,
      maxBitrate,
      // Cameras of one call share what the way back carries.
      available: () => ({
        bitrate: (congestion?.targetBitrate ?? maxBitrate) / tracks.length,
        overflowing: congestion?.overflowing ?? false,
      }),
      onResult: (result) => detections.send(result),
      resultsDropped: () => detections.dropped,
      eventLoopDelay: () => this.#options.load.eventLoopDelay,
      log,
    });
  }

  get closed(): boolean {
    return this.#closing !== undefined;
  }

  /** Changes settings while the call runs. @returns the settings as they are from now on */
  configure(changes: LiveSettings): CurrentSettings {
    const { threshold = this.#settings.threshold, output = this.#settings.output } = changes;
    this.#settings = { threshold, output };
    for (const pipeline of this.#pipelines) pipeline.configure(this.#settings);
    return this.#settings;
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
      model: this.#engine.manifest.id,
      task: this.#engine.manifest.task,
      ...this.#settings,
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

import { EventEmitter } from 'node:events';
import type { IcePatch, IcePatched } from '../protocol/ice.ts';
import type { CurrentSettings, LiveSettings, Offer, SessionDescription } from '../protocol/session.ts';
import type { Codecs } from './codec/codecs.ts';
import { answerControl } from './control.ts';
import type { Engines } from './engines.ts';
import type { LiveSession, LiveSessionEvents } from './live-session.ts';
import { LiveSetup } from './live-setup.ts';
import type { LoadMeter } from './load-meter.ts';
import type { Logger } from './log.ts';
import type { CameraFeed } from './pipeline/camera-feed.ts';
import { ModelNotices } from './pipeline/model-notices.ts';
import type { Scene } from './pipeline/scene.ts';
import { VideoPipeline } from './pipeline/video-pipeline.ts';
import { Connection } from './transport/connection.ts';
import type { IceSettings } from './transport/ice-settings.ts';
import type { SoundFeed } from './transport/sound-feed.ts';
import type { VideoTrack } from './transport/video-track.ts';

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
export class Session extends EventEmitter<LiveSessionEvents> implements LiveSession {
  /** The answer to the offer. */
  readonly answerSdp: string;
  readonly #options: SessionOptions;
  readonly #connection: Connection;
  readonly #setup: LiveSetup;
  readonly #createdAt = Date.now();
  readonly #notices = new ModelNotices((notice) => this.#connection.tell(notice));
  #opening: Promise<unknown> = Promise.resolve();
  #pipelines: readonly VideoPipeline[] = [];
  #closeReason: string | undefined;
  #closing: Promise<void> | undefined;

  /**
   * Answers the offer; media flows from now on.
   * @throws SightlineError `model-unknown`, `model-unavailable`, `tasks-invalid`, `zone-invalid`, `sdp-invalid`,
   * `no-video`, `codec-unsupported`
   */
  static async open(options: SessionOptions): Promise<Session> {
    const log = options.log.child({ sessionId: options.sessionId });
    const setup = await LiveSetup.open(options.offer, options.engines);
    const answered = await answer(options, log).catch((error: unknown) => {
      setup.close();
      throw error;
    });
    const session = new Session({ ...options, log }, answered, setup);
    try {
      session.#opening = session.#openPipelines();
      await session.#opening;
    } catch (error) {
      await session.close('pipeline not opened');
      throw error;
    }
    log.info({ models: setup.current.tasks.map(({ engine }) => engine.manifest.id) }, 'Session opened');
    return session;
  }

  private constructor(
    options: SessionOptions,
    { connection, sdp }: { connection: Connection; sdp: string },
    setup: LiveSetup,
  ) {
    super();
    this.#options = options;
    this.#connection = connection;
    this.answerSdp = sdp;
    this.#setup = setup;
    setup.on('changed', (current) => {
      for (const pipeline of this.#pipelines) pipeline.configure(current);
      this.emit('configured', setup.describe());
    });
    connection.on('control', (message, answer) => {
      void answerControl(message, (settings) => this.configure(settings)).then(answer);
    });
    connection.once('close', (reason) => void this.close(reason));
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

  async #openPipeline(track: VideoTrack): Promise<VideoPipeline> {
    const { sessionId, codecs, maxBitrate, log } = this.#options;
    const { detections, congestion, tracks } = this.#connection;
    const pipeline = await VideoPipeline.open({
      sessionId,
      track,
      codecs,
      setup: this.#setup.current,
      maxBitrate,
      // Cameras of one call share what the way back carries.
      available: () => ({
        bitrate: (congestion?.targetBitrate ?? maxBitrate) / tracks.length,
        overflowing: congestion?.overflowing ?? false,
      }),
      resultsDropped: () => detections.dropped,
      eventLoopDelay: () => this.#options.load.eventLoopDelay,
      log,
    });
    pipeline.scene.on('model', (...change) => this.#notices.update(...change));
    pipeline.scene.on('result', (result) => {
      detections.send(result);
      const { mid, events = [] } = result;
      for (const event of events) this.emit('event', { ...event, sessionId, mid });
    });
    return pipeline;
  }

  get scenes(): readonly Scene[] {
    return this.#pipelines.map(({ scene }) => scene);
  }

  get cameras(): readonly CameraFeed[] {
    return this.#pipelines.map(({ feed }) => feed);
  }

  get sounds(): readonly SoundFeed[] {
    return this.#connection.sounds;
  }

  get closed(): boolean {
    return this.#closing !== undefined;
  }

  configure(changes: LiveSettings): Promise<CurrentSettings> {
    return this.#setup.change(changes);
  }

  /** Names the ICE session: another after each restart. */
  get iceSession(): string {
    return this.#connection.iceSession;
  }

  patchIce(patch: IcePatch): Promise<IcePatched> {
    return this.#connection.patchIce(patch);
  }

  describe(): SessionDescription {
    const { diagnosis } = this.#connection;
    return {
      sessionId: this.#options.sessionId,
      via: 'webrtc',
      state: this.#connection.state,
      createdAt: this.#createdAt,
      ...this.#setup.describe(),
      packetsUnroutable: this.#connection.packetsUnroutable,
      packetsRefused: this.#connection.packetsRefused,
      feedbackMissing: this.#connection.congestion?.feedbackMissing ?? false,
      tracks: this.#pipelines.map((pipeline) => pipeline.stats()),
      ...(this.#closeReason !== undefined && { closeReason: this.#closeReason }),
      ...(diagnosis.length > 0 && { diagnosis: [...diagnosis] }),
    };
  }

  close(reason: string): Promise<void> {
    this.#closeReason ??= reason;
    this.#closing ??= this.#close(reason);
    return this.#closing;
  }

  /** Never rejects: the place is given back whatever happens. */
  async #close(reason: string): Promise<void> {
    this.#setup.close();
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

function answer({ ice, connectTimeoutMs, maxBitrate, offer }: SessionOptions, log: Logger) {
  return Connection.answer(offer.sdp, { ice, connectTimeoutMs, maxBitrate, log });
}

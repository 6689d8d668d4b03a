import { EventEmitter } from 'node:events';
import { SightlineError } from '../../protocol/errors.ts';
import type { IcePatched } from '../../protocol/ice.ts';
import type { CurrentSettings, LiveSettings, SessionDescription } from '../../protocol/session.ts';
import type { Codecs } from '../codec/codecs.ts';
import type { VideoFrame } from '../codec/video-frame.ts';
import type { Engines } from '../engines.ts';
import type { LiveSession, LiveSessionEvents } from '../live-session.ts';
import { LiveSetup } from '../live-setup.ts';
import type { Logger } from '../log.ts';
import type { FrameRecord } from '../pipeline/frame-record.ts';
import { Recent } from '../pipeline/recent.ts';
import { Scene } from '../pipeline/scene.ts';
import { rateLimitedWarning } from '../rate-limited-warning.ts';
import type { SessionSound } from '../sinks/recorder/session-sound.ts';

/** What names the one picture of such a session. */
const MID = '0';

export interface FeedSessionOptions {
  readonly sessionId: string;
  readonly settings: LiveSettings;
  /** The door that frames come in by. */
  readonly via: Exclude<SessionDescription['via'], 'webrtc'>;
  readonly engines: Engines;
  readonly codecs: Codecs;
  readonly log: Logger;
  /** Unix milliseconds of a frame's capture; of its arrival where left out. */
  readonly captureTime?: (record: FrameRecord) => number;
  /** What comes beside the frames. */
  readonly sound?: SessionSound | undefined;
  /** Ends what feeds the session; called once, before the scene is closed. */
  readonly onClosing?: (reason: string) => Promise<void> | void;
}

/** A session whose frames come from something else than a WebRTC call: its owner pushes them. */
export class FeedSession extends EventEmitter<LiveSessionEvents> implements LiveSession {
  readonly scene: Scene;
  readonly #options: FeedSessionOptions;
  readonly #setup: LiveSetup;
  readonly #createdAt = Date.now();
  readonly #decodeTimes = new Recent();
  #state: SessionDescription['state'] = 'connecting';
  #codec = '';
  #closeReason: string | undefined;
  #endedByItself = false;
  #closing: Promise<void> | undefined;

  /** @throws SightlineError `tasks-invalid`, `zone-invalid`, `model-unknown`, `model-unavailable` */
  static async open(options: FeedSessionOptions): Promise<FeedSession> {
    const log = options.log.child({ sessionId: options.sessionId });
    const setup = await LiveSetup.open(options.settings, options.engines);
    try {
      return new FeedSession({ ...options, log }, setup);
    } catch (error) {
      setup.close();
      throw error;
    }
  }

  private constructor(options: FeedSessionOptions, setup: LiveSetup) {
    super();
    this.#options = options;
    this.#setup = setup;
    const { sessionId, codecs, log } = options;
    const captureTime = options.captureTime ?? arrivalTime;
    const warn = rateLimitedWarning(log);
    this.scene = new Scene({ sessionId, mid: MID, codecs, setup: setup.current, captureTime, warn });
    this.scene.on('result', ({ events = [] }) => {
      for (const event of events) this.emit('event', { ...event, sessionId, mid: MID });
    });
    setup.on('changed', (current) => {
      this.scene.configure(current);
      this.emit('configured', setup.describe());
    });
    log.info({ via: options.via }, 'Session opened');
  }

  get scenes(): readonly Scene[] {
    return [this.scene];
  }

  get sound(): SessionSound | undefined {
    return this.#options.sound;
  }

  get closed(): boolean {
    return this.#closing !== undefined;
  }

  /**
   * Takes over a frame, unless it throws.
   * @throws SightlineError `codec-failed` where it has more pixels than any picture that is worked on
   */
  push(frame: VideoFrame, record: FrameRecord): void {
    this.#decodeTimes.add(record.decodedAt - record.arrivedAt);
    if (this.closed) frame.close();
    else this.scene.push(frame, record);
  }

  /** @param codec of what comes in, as it is shown */
  connected(codec: string): void {
    if (this.closed) return;
    this.#codec = codec;
    this.#state = 'connected';
  }

  /** Nothing comes for now. */
  disconnected(): void {
    if (!this.closed) this.#state = 'disconnected';
  }

  configure(changes: LiveSettings): Promise<CurrentSettings> {
    return this.#setup.change(changes);
  }

  async patchIce(): Promise<IcePatched> {
    throw new SightlineError(
      'session-unknown',
      `Cannot change the ICE session: expected a WebRTC call, found a session by ${this.#options.via}`,
    );
  }

  describe(): SessionDescription {
    const { sessionId, via } = this.#options;
    const { frames, results, size, timings } = this.scene;
    return {
      sessionId,
      via,
      state: this.#state,
      createdAt: this.#createdAt,
      ...this.#setup.describe(),
      packetsUnroutable: 0,
      packetsRefused: {},
      feedbackMissing: false,
      tracks: [
        {
          mid: MID,
          codec: this.#codec,
          ...size,
          ...NO_PACKETS,
          framesIn: frames,
          framesDecoded: frames,
          results,
          timings: { decode: this.#decodeTimes.spread(), ...timings },
        },
      ],
      ...(this.#closeReason !== undefined && { closeReason: this.#closeReason }),
    };
  }

  get endedByItself(): boolean {
    return this.#endedByItself;
  }

  /** Closes it because nothing more comes: callers are told of why for some minutes. */
  end(reason: string): Promise<void> {
    this.#endedByItself ||= !this.closed;
    return this.close(reason);
  }

  close(reason: string): Promise<void> {
    this.#closeReason ??= reason;
    this.#closing ??= this.#close(reason);
    return this.#closing;
  }

  async #close(reason: string): Promise<void> {
    const { log, onClosing } = this.#options;
    this.#state = 'closed';
    this.#setup.close();
    for (const step of [async () => onClosing?.(reason), () => this.scene.close()]) {
      await step().catch((error: unknown) => log.error({ error }, 'Session not closed cleanly'));
    }
    log.info({ reason }, 'Session closed');
    this.emit('close', reason);
    this.removeAllListeners();
  }
}

const NO_PACKETS = {
  packetsIn: 0,
  packetsLost: 0,
  packetsMalformed: 0,
  framesSkipped: 0,
  framesOut: 0,
  keyFramesOut: 0,
  keyFramesAsked: 0,
  resultsDropped: 0,
} as const;

function arrivalTime({ arrivedAt }: FrameRecord): number {
  return Math.round(performance.timeOrigin + arrivedAt);
}

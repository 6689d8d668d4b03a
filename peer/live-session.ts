import type { EventEmitter } from 'node:events';
import type { SceneEvent } from '../protocol/events.ts';
import type { IcePatch, IcePatched } from '../protocol/ice.ts';
import type { CurrentSettings, LiveSettings, SessionDescription } from '../protocol/session.ts';
import type { CameraFeed } from './pipeline/camera-feed.ts';
import type { Scene } from './pipeline/scene.ts';
import type { SessionSound } from './sinks/recorder/session-sound.ts';
import type { SoundFeed } from './transport/sound-feed.ts';

export interface LiveSessionEvents {
  /** Once, after everything is freed. */
  close: [reason: string];
  /** Something happened in front of a camera. */
  event: [event: SceneEvent];
  /** Settings were changed, and are these from now on. */
  configured: [settings: CurrentSettings];
}

/** A session, whichever door its pictures come in by: what every other door may ask of it. */
export interface LiveSession extends EventEmitter<LiveSessionEvents> {
  readonly closed: boolean;
  /** Whether it ended although nobody asked for that: callers are told why for some minutes more. */
  readonly endedByItself?: boolean;
  /** Its pictures: none before the first is known. */
  readonly scenes: readonly Scene[];
  /** What came in, as it came, where that is a call. */
  readonly cameras?: readonly CameraFeed[];
  readonly sounds?: readonly SoundFeed[];
  /** Sound that came beside the pictures, where that is no call. */
  readonly sound?: SessionSound | undefined;
  describe(): SessionDescription;
  /**
   * Changes settings while pictures come.
   * @throws SightlineError `tasks-invalid`, `zone-invalid`, `model-unknown`, `model-unavailable`
   */
  configure(changes: LiveSettings): Promise<CurrentSettings>;
  /**
   * Takes candidates of the client, or restarts ICE.
   * @throws SightlineError `ice-session-changed`, `fragment-invalid`, `candidates-exhausted`, `session-unknown`
   */
  patchIce(patch: IcePatch): Promise<IcePatched>;
  /** Ends it and frees everything. Idempotent; the first reason wins. Never rejects. */
  close(reason: string): Promise<void>;
}

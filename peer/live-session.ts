import type { EventEmitter } from 'node:events';
import type { SceneEvent } from '../protocol/events.ts';
import type { IcePatch, IcePatched } from '../protocol/ice.ts';
import type { CurrentSettings, LiveSettings, SessionDescription } from '../protocol/session.ts';
import type { Scene } from './pipeline/scene.ts';

export interface LiveSessionEvents {
  /** Once, after everything is freed. */
  close: [reason: string];
  /** Something happened in front of a camera. */
  event: [event: SceneEvent];
}

/** A session, whichever door its pictures come in by: what every other door may ask of it. */
export interface LiveSession extends EventEmitter<LiveSessionEvents> {
  readonly closed: boolean;
  /** Its pictures: none before the first is known. */
  readonly scenes: readonly Scene[];
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

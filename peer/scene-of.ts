import { SightlineError } from '../protocol/errors.ts';
import type { Effects } from '../protocol/tasks.ts';
import type { LiveSession } from './live-session.ts';
import type { Scene } from './pipeline/scene.ts';

/**
 * The picture of a session that is asked for, or its first.
 * @throws SightlineError `picture-missing`, `camera-unknown`
 */
export function sceneOf({ scenes }: LiveSession, mid: string | undefined): Scene {
  const found = mid === undefined ? scenes[0] : scenes.find((scene) => scene.mid === mid);
  if (found) return found;
  if (scenes.length === 0) {
    const message = 'Cannot show the session: expected a picture, found none yet';
    throw new SightlineError('picture-missing', message, { retryAfterSeconds: 1 });
  }
  const mids = scenes.map((scene) => scene.mid).join(', ');
  throw new SightlineError('camera-unknown', `Cannot show the camera ${mid}: expected one of ${mids}`);
}

/** Whether a session with these effects hides anything. */
export function hides(effects: Effects): boolean {
  return Object.values(effects).some((effect) => effect !== undefined && effect !== 'off');
}

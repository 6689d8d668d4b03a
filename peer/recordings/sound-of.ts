import type { LiveSession } from '../live-session.ts';
import { CallSound } from '../sinks/recorder/call-sound.ts';
import type { SessionSound } from '../sinks/recorder/session-sound.ts';

/** The sound that belongs to a picture: what its source has, or the first microphone of the call; undefined for none. */
export function soundOf(session: LiveSession, mid: string): SessionSound | undefined {
  if (session.sound) return session.sound;
  const camera = session.cameras?.find((feed) => feed.mid === mid);
  const [microphone] = session.sounds ?? [];
  if (camera === undefined || microphone === undefined) return undefined;
  return new CallSound({ sound: microphone, pictureClock: camera.clock });
}

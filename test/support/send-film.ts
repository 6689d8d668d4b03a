import { setTimeout as delay } from 'node:timers/promises';
import type { EncodedFrame } from '../../peer/codec/encoder.ts';
import type { RtcClient } from './rtc-client.ts';

const FRAME_MS = 1000 / 30;
const FRAME_TICKS = 3000;
/** How often a film is sent at most: twenty seconds of one of two seconds, long enough for a machine that is busy. */
const MAX_ROUNDS = 10;

/** Sends a film at 30 frames a second, from each of the cameras named. @returns the RTP timestamps that were sent */
async function sendFilm(
  client: RtcClient,
  film: readonly EncodedFrame[],
  cameras: readonly number[] = [0],
): Promise<number[]> {
  const started = performance.now();
  for (const [index, frame] of film.entries()) {
    for (const camera of cameras) await client.sendFrame(frame, camera);
    await delay(Math.max(0, started + (index + 1) * FRAME_MS - performance.now()));
  }
  return film.map(({ timestamp }) => timestamp);
}

/**
 * Sends a film whole, and again as one that goes on, until something has come of it.
 * @returns the RTP timestamps that were sent
 * @throws Error when nothing has come of it in the end
 */
export async function sendUntil(
  client: RtcClient,
  film: readonly EncodedFrame[],
  done: () => boolean,
  cameras?: readonly number[],
): Promise<number[]> {
  const sent: number[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const shift = round * film.length * FRAME_TICKS;
    const shifted = film.map(({ timestamp, ...frame }) => ({
      ...frame,
      timestamp: (timestamp + shift) >>> 0,
    }));
    sent.push(...(await sendFilm(client, shifted, cameras)));
    if (done()) return sent;
  }
  throw new Error(`Nothing came of ${sent.length} frames`);
}

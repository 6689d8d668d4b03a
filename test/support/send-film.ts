import { setTimeout as delay } from 'node:timers/promises';
import type { EncodedFrame } from '../../peer/codec/encoder.ts';
import type { RtcClient } from './rtc-client.ts';

const FRAME_MS = 1000 / 30;

/** Sends a film at 30 frames a second, from each of the cameras named. @returns the RTP timestamps that were sent */
export async function sendFilm(
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

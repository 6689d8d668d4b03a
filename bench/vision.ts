import { benchParity } from './vision/parity.ts';
import { benchTracking } from './vision/tracking.ts';

/** What is found, beside what an implementation of others finds; then what becomes of it between two results. */
export async function benchVision(): Promise<void> {
  await benchParity();
  await benchTracking();
}

import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What holds memory outside the heap lets go of it only after the loop has gone round. */
const ROUNDS = 3;

/** Bytes that JavaScript still holds, buffers among them, once what it does not is collected. */
export async function heldMemory(): Promise<number> {
  for (let round = 0; round < ROUNDS; round++) {
    collect();
    await setImmediate();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

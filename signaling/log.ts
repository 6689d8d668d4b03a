import { destination, type Logger, pino } from 'pino';

export type Log = Logger;

/** The log of signaling: JSON lines on standard error, since standard output is for the person who started it. */
export function createLog(level: string): Log {
  return pino({ name: 'signaling', level }, destination({ dest: 2, sync: true }));
}

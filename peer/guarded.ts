import type { Logger } from './log.ts';

/**
 * Wraps event handlers of a library that swallows what they throw: the error is logged, and the media path goes on.
 */
export function guarded(log: Logger) {
  return <Arguments extends unknown[]>(handler: (...args: Arguments) => void) =>
    (...args: Arguments): void => {
      try {
        handler(...args);
      } catch (error) {
        log.error({ error }, 'Event handler failed');
      }
    };
}

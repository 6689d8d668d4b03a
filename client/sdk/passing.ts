import type { CallErrorCode } from './call-error.ts';

const passing: ReadonlySet<CallErrorCode> = new Set<CallErrorCode>([
  'server-unreachable',
  'ice-failed',
  'media-timeout',
  'session-unknown',
  'no-peer',
  'peer-timeout',
  'peer-lost',
  'sessions-exhausted',
]);

/** Whether what ended a call may be gone by itself in a moment. The rest needs a person: the camera, a key, another model. */
export function isPassing(code: CallErrorCode): boolean {
  return passing.has(code);
}

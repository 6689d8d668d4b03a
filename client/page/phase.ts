import type { CallError } from '../sdk/call-error.ts';

/** Where the page is, from opening it to the end of a call. */
export type Phase =
  | { name: 'idle' }
  /** The browser asks the person for the camera. */
  | { name: 'asking' }
  | { name: 'calling' }
  | { name: 'connected' }
  /** The video path broke and may mend itself. */
  | { name: 'interrupted' }
  /** Calls again by itself in some seconds. */
  | { name: 'waiting'; error: CallError; seconds: number; attempt: number; of: number }
  | { name: 'failed'; error: CallError };

/** How a phase feels: the colour of the status. */
export type Tone = 'quiet' | 'busy' | 'good' | 'bad';

/** Puts a phase into the words of the status line. */
export function phaseWords(phase: Phase): { tone: Tone; text: string } {
  switch (phase.name) {
    case 'idle':
      return { tone: 'quiet', text: 'Ready' };
    case 'asking':
      return { tone: 'busy', text: 'Asking for the camera…' };
    case 'calling':
      return { tone: 'busy', text: 'Calling the server…' };
    case 'connected':
      return { tone: 'good', text: 'Connected' };
    case 'interrupted':
      return { tone: 'busy', text: 'Connection interrupted; waiting for it…' };
    case 'waiting':
      return {
        tone: 'busy',
        text: `Calling again in ${phase.seconds} s (${phase.attempt} of ${phase.of})`,
      };
    case 'failed':
      return { tone: 'bad', text: phase.error.title };
  }
}

/** Whether a call is up or on its way, so that the main button stops it. */
export function isActive(phase: Phase): boolean {
  return phase.name !== 'idle' && phase.name !== 'failed';
}

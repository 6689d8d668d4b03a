import { describe, expect, it } from 'vitest';
import { isActive, type Phase, phaseWords, type Tone } from '../../../client/page/phase.ts';
import { pathError } from '../../../client/sdk/path-words.ts';

const error = pathError('server-unreachable');

const table: [Phase, Tone, string, boolean][] = [
  [{ name: 'idle' }, 'quiet', 'Ready', false],
  [{ name: 'asking' }, 'busy', 'Asking for the camera…', true],
  [{ name: 'calling' }, 'busy', 'Calling the server…', true],
  [{ name: 'connected' }, 'good', 'Connected', true],
  [{ name: 'interrupted' }, 'busy', 'Connection interrupted; waiting for it…', true],
  [{ name: 'waiting', error, seconds: 4, attempt: 3, of: 5 }, 'busy', 'Calling again in 4 s (3 of 5)', true],
  [{ name: 'failed', error }, 'bad', 'The server does not answer', false],
];

describe('a phase', () => {
  it.each(table)('phaseWords(%o) is %s: %s', (phase, tone, text) => {
    expect(phaseWords(phase)).toEqual({ tone, text });
  });

  it.each(table)('isActive(%o), %s, %s: %s', (phase, _tone, _text, active) => {
    expect(isActive(phase)).toBe(active);
  });
});

import { describe, expect, it } from 'vitest';
import { LookHealth } from '../../../peer/pipeline/look-health.ts';

/** Looks as a line: `+` had a result, `-` failed. What changed stands where it did. */
function changes(looks: string): string {
  const health = new LookHealth();
  return [...looks].map((look) => health.push(look === '+')?.at(0) ?? '.').join('');
}

describe('LookHealth.push()', () => {
  it.each([
    ['fails after five failures in a row, once', '-------', '....f..'],
    ['works after three results in a row, once', '++++++', '..w...'],
    ['takes single failures for accidents', '+++----+++----+', '..w............'],
    ['works again after three results in a row', '------+-+++--', '....f.....w..'],
  ])('%s', (_, looks, expected) => {
    expect(changes(looks)).toBe(expected);
  });
});

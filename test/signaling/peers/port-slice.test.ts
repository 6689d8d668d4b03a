import { describe, expect, it } from 'vitest';
import { portSlice } from '../../../signaling/peers/port-slice.ts';

describe('portSlice()', () => {
  it('parts a range evenly and without overlap', () => {
    expect([0, 1, 2].map((index) => portSlice('40000-40100', index, 3))).toEqual([
      '40000-40032',
      '40033-40065',
      '40066-40098',
    ]);
  });

  it.each(['many', '40000', '', '40000-40001'])('leaves %j to the media peer to judge', (range) => {
    expect(portSlice(range, 1, 3)).toBe(range);
  });
});

import { describe, expect, it } from 'vitest';
import { scaleCoverage } from '../../../../peer/vision/draw/coverage.ts';

const source = { width: 4, height: 2, data: Uint8Array.of(0, 100, 200, 100, 100, 200, 100, 0) };

describe('scaleCoverage()', () => {
  it('scaleCoverage() leaves a picture as it is at one for one', () => {
    expect(scaleCoverage(source, 1, 0)).toEqual(source);
  });

  it('scaleCoverage() averages the area under each pixel', () => {
    expect(scaleCoverage(source, 2, 0)).toEqual({ width: 2, height: 1, data: Uint8Array.of(100, 100) });
  });

  it('scaleCoverage() shares a pixel between its neighbours', () => {
    const line = { width: 3, height: 1, data: Uint8Array.of(240, 0, 120) };
    const scaled = scaleCoverage(line, 1.5, 0);
    // 240 and half of 0; half of 0 and 120, over an area a third of which holds no row at all.
    expect(scaled).toEqual({ width: 2, height: 1, data: Uint8Array.of(107, 53) });
  });

  it('scaleCoverage() begins above the picture where told', () => {
    expect(Array.from(scaleCoverage(source, 1, -0.5).data)).toEqual([
      0, 50, 100, 50, 50, 150, 150, 50, 50, 100, 50, 0,
    ]);
  });

  it('scaleCoverage() enlarges as well', () => {
    const dot = { width: 1, height: 1, data: Uint8Array.of(90) };
    expect(scaleCoverage(dot, 0.5, 0)).toEqual({ width: 2, height: 2, data: Uint8Array.of(90, 90, 90, 90) });
  });
});

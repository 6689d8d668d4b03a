import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PictureSource, SourceChoice } from '../../../client/sdk/process/source-choice.ts';

describe('SourceChoice', () => {
  const choosing = (...frames: [PictureSource, number][]) => {
    const choice = new SourceChoice();
    for (const [source, atMs] of frames) choice.push(source, atMs);
    return choice;
  };

  it('shows the camera until three annotated frames have come in a row', () => {
    const choice = choosing(['camera', 0], ['annotated', 10], ['camera', 33], ['annotated', 43]);
    expect(choice.shown).toBe('camera');
    expect(choice.push('annotated', 76)).toBe(true);
    expect(choice.push('camera', 99)).toBe(false);
  });

  it('goes back to the camera after a second without an annotated frame, and wants three in a row again', () => {
    const choice = choosing(['annotated', 0], ['annotated', 30], ['annotated', 60]);
    expect(choice.push('camera', 1_060)).toBe(false);
    expect(choice.push('camera', 1_061)).toBe(true);
    expect(choice.push('annotated', 1_070)).toBe(false);
    expect(choice.push('annotated', 1_100)).toBe(false);
    expect(choice.push('annotated', 1_130)).toBe(true);
  });

  it('does not count frames in a row that come too far apart', () => {
    expect(choosing(['annotated', 0], ['annotated', 1_500], ['annotated', 3_000]).shown).toBe('camera');
  });

  it('lost() shows the camera at once', () => {
    const choice = choosing(['annotated', 0], ['annotated', 30], ['annotated', 60]);
    choice.lost();
    expect(choice.push('camera', 70)).toBe(true);
  });

  it('never leaves the picture without a frame for longer than a second while the camera runs', () => {
    const annotated = fc.array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 60 });
    fc.assert(
      fc.property(annotated, (times) => {
        const frames: [PictureSource, number][] = times.map((atMs) => ['annotated', atMs]);
        for (let atMs = 0; atMs <= 10_000; atMs += 40) frames.push(['camera', atMs]);
        frames.sort(([, a], [, b]) => a - b);
        const choice = new SourceChoice();
        let shownAtMs = 0;
        for (const [source, atMs] of frames) {
          if (choice.push(source, atMs)) shownAtMs = atMs;
          expect(atMs - shownAtMs).toBeLessThanOrEqual(1_040);
        }
      }),
    );
  });
});

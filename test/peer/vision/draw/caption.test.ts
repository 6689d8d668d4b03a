import { describe, expect, it } from 'vitest';
import { captionOf, captionOfText, drawCaption, fitSideways } from '../../../../peer/vision/draw/caption.ts';
import { drawLabel } from '../../../../peer/vision/draw/label.ts';
import { colourOf } from '../../../../peer/vision/palette.ts';
import { plainPicture, touchedSamples } from '../picture.ts';

const style = { colour: colourOf(0), size: 22, side: 'above' } as const;

describe('captionOf()', () => {
  it('captionOf() keeps the name, whatever ids, scores and texts have been drawn since', () => {
    const [name] = captionOf('person', ['1', '94%'], style).pieces;
    for (let id = 2; id < 3000; id++) captionOf('person', [`${id}`, `${id % 100}%`], style);
    for (let text = 0; text < 300; text++) captionOfText(`plate ${text}`, { ...style, size: 6 });
    expect(captionOf('person', ['9999', '1%'], style).pieces[0]).toBe(name);
  });

  it.each([16, 22, 31, 48])(
    'captionOf() is about as wide in pieces as written at once, at size %i',
    (size) => {
      const pieces = captionOf('person', ['137', '94%'], { ...style, size });
      const whole = drawLabel('person 137 94%', style.colour, size, 'above');
      expect(pieces.height).toBe(whole.height);
      expect(Math.abs(pieces.width - whole.width)).toBeLessThan(size);
    },
  );

  it('captionOf() is round at its two ends and nowhere between', () => {
    const { width, height, pieces } = captionOf('cup', ['7', '50%'], { ...style, size: 32 });
    const picture = plainPicture(width, height);
    drawCaption(picture, { width, height, pieces }, 0, 0);
    const touched = touchedSamples(picture, 0);
    const top = Array.from({ length: width }, (_, x) => touched.has(`${x},0`));
    expect([top[0], top[width - 1]]).toEqual([false, false]);
    expect(top.indexOf(true)).toBeLessThan(8);
    expect(top.slice(8, width - 8).every(Boolean)).toBe(true);
  });

  it('captionOf() without numbers is a label by itself', () => {
    expect(captionOf('cup', [], style).pieces).toEqual([drawLabel('cup', style.colour, 22, 'above')]);
  });
});

describe('fitSideways()', () => {
  it.each([
    { left: 51, expected: 52 },
    { left: -20, expected: 0 },
    { left: 95, expected: 60 },
  ])('fitSideways() moves $left to $expected', ({ left, expected }) => {
    expect(fitSideways(plainPicture(101, 10), { width: 40, height: 10, pieces: [] }, left)).toBe(expected);
  });

  it('fitSideways() begins a caption that is too wide at the left edge', () => {
    expect(fitSideways(plainPicture(20, 10), { width: 40, height: 10, pieces: [] }, 8)).toBe(0);
  });
});

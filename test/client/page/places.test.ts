import { describe, expect, it } from 'vitest';
import { places, type Scene } from '../../../client/page/places.ts';

const scene: Scene = { camera: true, returned: true, sideBySide: false, large: 'annotated' };

describe('places()', () => {
  it.each<[Partial<Scene>, ReturnType<typeof places>]>([
    [{}, { annotated: 'large', self: 'small' }],
    [{ large: 'self' }, { annotated: 'small', self: 'large' }],
    [{ sideBySide: true }, { annotated: 'first', self: 'second' }],
    [{ returned: false }, { annotated: 'away', self: 'large' }],
    [
      { returned: false, sideBySide: true },
      { annotated: 'away', self: 'large' },
    ],
    [{ camera: false }, { annotated: 'large', self: 'away' }],
    [
      { camera: false, returned: false },
      { annotated: 'away', self: 'away' },
    ],
  ])('for %o are %o', (change, expected) => {
    expect(places({ ...scene, ...change })).toEqual(expected);
  });
});

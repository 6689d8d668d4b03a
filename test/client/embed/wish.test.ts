import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cameraWish, type OwnDevice, type VideoWish } from '../../../client/embed/wish.ts';

const chosen: OwnDevice = { deviceId: 'ours', groupId: 'our-group', isDefault: false };
const standing: OwnDevice = { ...chosen, isDefault: true };

describe('cameraWish()', () => {
  it.each<[string, VideoWish]>([
    ['exact', { deviceId: { exact: 'ours' } }],
    ['exact, one of some', { deviceId: { exact: ['other', 'ours'] } }],
    ['ideal', { deviceId: { ideal: 'ours' } }],
    ['ideal, one of some', { deviceId: { ideal: ['ours', 'other'] } }],
    ['a bare string', { deviceId: 'ours' }],
    ['a bare list', { deviceId: ['other', 'ours'] }],
    ['exact beside another ideal', { deviceId: { exact: 'ours', ideal: 'other' } }],
    ['its group', { groupId: { exact: 'our-group' } }],
    ['advanced', { advanced: [{ deviceId: 'ours' }] }],
    ['mandatory, of older pages', { mandatory: { sourceId: 'ours' } }],
    ['optional, of older pages', { optional: [{ sourceId: 'ours' }] }],
  ])('takes what names the device: %s', (_how, wish) => {
    const asked = cameraWish({ ...wish, width: 1280 }, chosen);
    expect(asked).toMatchObject({ width: 1280 });
    expect(JSON.stringify(asked)).not.toMatch(/ours|our-group/);
  });

  it.each<[string, boolean | VideoWish | undefined]>([
    ['no video', undefined],
    ['no video', false],
    ['another camera, exact', { deviceId: { exact: 'other' } }],
    ['another camera, exact, and ours only ideal', { deviceId: { exact: 'other', ideal: 'ours' } }],
    ['another camera, ideal', { deviceId: 'other' }],
    ['another camera, optional', { optional: [{ sourceId: 'other' }] }],
    ['another group', { groupId: { exact: 'group' } }],
    ['a screen', { mandatory: { chromeMediaSource: 'desktop' } }],
  ])('leaves to the browser: %s %o, even by default', (_what, wish) => {
    expect(cameraWish(wish, standing)).toBeNull();
  });

  it('takes what names no camera only where it is the default', () => {
    for (const wish of [true, {}, { facingMode: 'user' }, { deviceId: '' }]) {
      expect(cameraWish(wish, chosen)).toBeNull();
      expect(cameraWish(wish, standing)).toEqual(
        wish === true ? true : expect.not.objectContaining({ x: 1 }),
      );
    }
  });

  it('passes all else on as it was asked, and changes nothing of the page', () => {
    const size = fc.oneof(
      fc.nat(),
      fc.record({ exact: fc.nat() }),
      fc.record({ min: fc.nat(), ideal: fc.nat() }),
    );
    const wishes = fc.record(
      {
        width: size,
        height: size,
        frameRate: size,
        facingMode: fc.constantFrom('user', { exact: 'environment' }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(wishes, (wish) => {
        const page = { ...wish, deviceId: { exact: 'ours' } };
        const before = structuredClone(page);
        expect(cameraWish(page as VideoWish, chosen)).toEqual({ ...wish });
        expect(page).toEqual(before);
      }),
    );
  });
});

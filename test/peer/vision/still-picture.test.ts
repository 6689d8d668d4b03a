import { describe, expect, it } from 'vitest';
import type { I420Picture } from '../../../peer/vision/i420.ts';
import { StillPicture } from '../../../peer/vision/still-picture.ts';
import { seededRandom } from '../rtp/packets.ts';

function picture(luma: (x: number, y: number) => number, width = 640, height = 480): I420Picture {
  const y = Uint8Array.from({ length: width * height }, (_, i) => luma(i % width, Math.floor(i / width)));
  const chroma = new Uint8Array((width / 2) * (height / 2)).fill(128);
  return { width, height, planes: [y, chroma, chroma], strides: [width, width / 2, width / 2] };
}

const scene = (x: number, y: number) => (x * 7 + y * 3) % 200;

describe('StillPicture', () => {
  it('knows nothing before the first picture', () => {
    expect(new StillPicture().isStill(picture(scene))).toBe(false);
  });

  it('takes the noise of a camera for stillness', () => {
    const still = new StillPicture();
    const random = seededRandom(1);
    const noisy = () => picture((x, y) => 30 + scene(x, y) + (random() - 0.5) * 6);
    still.remember(noisy());
    expect(still.isStill(noisy())).toBe(true);
  });

  it.each([
    [
      'a hand that moved',
      (x: number, y: number) => (x > 300 && x < 340 && y > 200 && y < 240 ? 250 : scene(x, y)),
    ],
    ['light that was switched on', (x: number, y: number) => scene(x, y) + 10],
  ])('sees %s', (_, changed) => {
    const still = new StillPicture();
    still.remember(picture(scene));
    expect(still.isStill(picture(changed))).toBe(false);
  });

  it('takes another size for another picture, and copes with the smallest', () => {
    const still = new StillPicture();
    still.remember(picture(scene));
    expect(still.isStill(picture(scene, 320, 240))).toBe(false);
    still.remember(picture(scene, 2, 2));
    expect(still.isStill(picture(scene, 2, 2))).toBe(true);
  });
});

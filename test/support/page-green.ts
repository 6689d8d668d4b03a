import type { Page } from 'playwright-core';

/**
 * Vivid green pixels, the colour of a person's box, between two shares of the width of the picture that a video element
 * shows. Rows above and below the middle half are left out: the upper and the lower edge of the box are there.
 */
export function greenBetween(page: Page, selector: string, from: number, to: number): Promise<number> {
  return page.evaluate(
    (of) => {
      const video = document.querySelector<HTMLVideoElement>(of.selector);
      if (!video?.videoWidth) return 0;
      const { videoWidth: width, videoHeight: height } = video;
      const context = new OffscreenCanvas(width, height).getContext('2d');
      context?.drawImage(video, 0, 0);
      const left = Math.floor(of.from * width);
      const columns = Math.floor((of.to - of.from) * width);
      const [top, rows] = [Math.floor(0.3 * height), Math.floor(0.5 * height)];
      const { data } = context?.getImageData(left, top, columns, rows) ?? { data: [] };
      let count = 0;
      for (let at = 0; at < data.length; at += 4) {
        const [r = 0, g = 0, b = 0] = data.slice(at, at + 3);
        if (g > 120 && g > r + 40 && g > b + 40) count++;
      }
      return count;
    },
    { selector, from, to },
  );
}

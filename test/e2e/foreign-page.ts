import type { Browser, Page } from 'playwright-core';
import type { EmbedNews } from '../../client/embed/tell.ts';

/** What the page keeps. */
interface Kept {
  /** What the script has told, oldest first. */
  news: EmbedNews[];
  /** The mean brightness of each frame that was shown, 0 to 255. */
  brightness: number[];
  stream: MediaStream;
  video: HTMLVideoElement;
}

declare global {
  var foreign: Kept;
}

/** The HTML of a page that knows nothing of cameras but what the standard says. */
export function foreignHtml(...scripts: string[]): string {
  return `<!doctype html><link rel="icon" href="data:,"><title>Foreign</title>${scripts.join('')}<video autoplay muted></video>`;
}

/** A page of others with the embed script in it. */
export class ForeignPage {
  readonly page: Page;

  static async open(browser: Browser, url: string): Promise<ForeignPage> {
    const page = await browser.newPage();
    await page.goto(url);
    await page.evaluate(() => {
      const video = document.querySelector('video');
      if (!video) throw new Error('Expected a video element');
      globalThis.foreign = { news: [], brightness: [], stream: new MediaStream(), video };
      window.addEventListener('sightline', (event) => {
        foreign.news.push((event as CustomEvent<EmbedNews>).detail);
      });
      const small = new OffscreenCanvas(16, 12).getContext('2d', { willReadFrequently: true });
      const look = () => {
        video.requestVideoFrameCallback(look);
        small?.drawImage(video, 0, 0, 16, 12);
        const data = [...(small?.getImageData(0, 0, 16, 12).data ?? [])].filter((_, at) => at % 4 === 1);
        foreign.brightness.push(data.reduce((sum, value) => sum + value, 0) / data.length);
      };
      video.requestVideoFrameCallback(look);
    });
    return new ForeignPage(page);
  }

  private constructor(page: Page) {
    this.page = page;
  }

  /** The cameras that the page may choose from. */
  cameras(): Promise<{ deviceId: string; label: string }[]> {
    return this.page.evaluate(async () => {
      const devices = await navigator.mediaDevices.enumerateDevices();
      return devices
        .filter(({ kind }) => kind === 'videoinput')
        .map(({ deviceId, label }) => ({ deviceId, label }));
    });
  }

  /** Asks for a stream and shows it. @returns the name of its camera, or of the error */
  use(constraints: MediaStreamConstraints): Promise<string> {
    return this.page.evaluate(async (wanted) => {
      try {
        foreign.stream = await navigator.mediaDevices.getUserMedia(wanted);
      } catch (error) {
        const { name, constraint = '' } = error as OverconstrainedError;
        return `${name} ${constraint}`.trim();
      }
      foreign.video.srcObject = foreign.stream;
      return foreign.stream.getVideoTracks()[0]?.label ?? '';
    }, constraints);
  }

  /** Waits until the picture comes from there. */
  async shows(source: NonNullable<EmbedNews['source']>): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => foreign.news.filter((news) => news.source).at(-1)?.source === wanted,
      source,
    );
  }

  /** Waits for so many more frames. @returns how bright the darkest of all so far was */
  async frames(count: number): Promise<number> {
    const before = await this.page.evaluate(() => foreign.brightness.length);
    await this.page.waitForFunction((wanted) => foreign.brightness.length >= wanted, before + count);
    return this.page.evaluate(() => Math.min(...foreign.brightness));
  }
}

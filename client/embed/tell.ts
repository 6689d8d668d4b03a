import type { PictureSource } from '../sdk/process/source-choice.ts';

/** What pages are told as `detail` of the event `sightline` of the window. */
export interface EmbedNews {
  /** The picture changed over. */
  source?: PictureSource;
  /** Stable code of why the annotated picture is away. */
  problem?: string;
  /** The same in words. */
  message?: string;
}

const told = new Set<string>();

/** Tells the page, and whoever looks at its console: once for each problem. */
export function tell(news: EmbedNews): void {
  window.dispatchEvent(new CustomEvent('sightline', { detail: news }));
  if (!news.problem || told.has(news.problem)) return;
  told.add(news.problem);
  // biome-ignore lint/suspicious/noConsole: the page is not ours, and has no other place for it
  console.warn(`Sightline has no annotated picture: ${news.message} (${news.problem})`);
}

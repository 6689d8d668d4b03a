import { Rate } from '../page/rate.ts';

const WINDOW_MS = 3_000;

/** What is shown of one way. */
export interface Figures {
  readonly framesPerSecond: number;
  readonly bytesPerSecond: number;
  /** Milliseconds; undefined where no code was read lately. */
  readonly delay: { readonly median: number; readonly p95: number } | undefined;
}

/** Counts what one way brings, over the last three seconds. */
export class WayFigures {
  readonly #frames = new Rate(WINDOW_MS);
  #delays: { readonly at: number; readonly ms: number }[] = [];
  #bytes: { readonly at: number; readonly count: number }[] = [];

  frame(now: number): void {
    this.#frames.hit(now);
  }

  delay(now: number, ms: number | undefined): void {
    if (ms !== undefined) this.#delays.push({ at: now, ms });
  }

  bytes(now: number, count: number): void {
    this.#bytes.push({ at: now, count });
  }

  read(now: number): Figures {
    const isFresh = ({ at }: { at: number }) => now - at <= WINDOW_MS;
    this.#delays = this.#delays.filter(isFresh);
    this.#bytes = this.#bytes.filter(isFresh);
    const sorted = this.#delays.map(({ ms }) => ms).sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
    const total = this.#bytes.reduce((sum, { count }) => sum + count, 0);
    const since = Math.max(1000, now - (this.#bytes[0]?.at ?? now));
    return {
      framesPerSecond: this.#frames.perSecond(now),
      bytesPerSecond: (total * 1000) / since,
      delay: sorted.length > 0 ? { median: at(0.5), p95: at(0.95) } : undefined,
    };
  }

  clear(): void {
    this.#frames.clear();
    this.#delays = [];
    this.#bytes = [];
  }
}

/** Why a packet did not come out. `unsent`: the socket refused it. */
export type DropCause = 'loss' | 'queue' | 'outage' | 'unsent';

/** What one direction did within {@link WINDOW_MS}. */
export interface LinkWindow {
  /** Unix time in milliseconds. */
  readonly startedAt: number;
  readonly packetsOut: number;
  /** UDP payload. */
  readonly bytesOut: number;
  readonly dropped: number;
  /** Milliseconds in the queue before the rate limit, of the packets that left it; 0 where none did. */
  readonly queueMs: { readonly p50: number; readonly p95: number; readonly max: number };
}

/** What one direction of a link has done since it was opened. Bytes are those of the UDP payload. */
export interface DirectionStats {
  readonly packetsIn: number;
  readonly bytesIn: number;
  readonly packetsOut: number;
  readonly bytesOut: number;
  readonly duplicated: number;
  readonly dropped: Readonly<Record<DropCause, number>>;
  /** Milliseconds that the last of the packets in the queue will have waited. */
  readonly backlogMs: number;
  /** Oldest first, {@link MAX_WINDOWS} at most; the last is still going on. */
  readonly windows: readonly LinkWindow[];
}

export const WINDOW_MS = 500;
const MAX_WINDOWS = 1200;

/** Counts what happens to the packets of one direction. Times are Unix milliseconds. */
export class LinkCounters {
  #packetsIn = 0;
  #bytesIn = 0;
  #packetsOut = 0;
  #bytesOut = 0;
  #duplicated = 0;
  readonly #dropped: Record<DropCause, number> = { loss: 0, queue: 0, outage: 0, unsent: 0 };
  readonly #windows: OpenWindow[] = [];

  came(bytes: number): void {
    this.#packetsIn++;
    this.#bytesIn += bytes;
  }

  dropped(cause: DropCause, at: number): void {
    this.#dropped[cause]++;
    this.#window(at).dropped++;
  }

  duplicated(): void {
    this.#duplicated++;
  }

  leftQueue(waitedMs: number, at: number): void {
    this.#window(at).waits.push(waitedMs);
  }

  delivered(bytes: number, at: number): void {
    this.#packetsOut++;
    this.#bytesOut += bytes;
    const window = this.#window(at);
    window.packetsOut++;
    window.bytesOut += bytes;
  }

  /** Windows lie one after the other from the first event on; those in which nothing happened are empty. */
  #window(at: number): OpenWindow {
    let last = this.#windows.at(-1) ?? this.#open(at);
    if (at >= last.startedAt + MAX_WINDOWS * WINDOW_MS) this.#windows.length = 0;
    if (this.#windows.length === 0) last = this.#open(at);
    while (at >= last.startedAt + WINDOW_MS) last = this.#open(last.startedAt + WINDOW_MS);
    return this.#windows.findLast(({ startedAt }) => startedAt <= at) ?? last;
  }

  #open(startedAt: number): OpenWindow {
    const window: OpenWindow = { startedAt, packetsOut: 0, bytesOut: 0, dropped: 0, waits: [] };
    this.#windows.push(window);
    if (this.#windows.length > MAX_WINDOWS) this.#windows.shift();
    return window;
  }

  stats(backlogMs: number): DirectionStats {
    return {
      packetsIn: this.#packetsIn,
      bytesIn: this.#bytesIn,
      packetsOut: this.#packetsOut,
      bytesOut: this.#bytesOut,
      duplicated: this.#duplicated,
      dropped: { ...this.#dropped },
      backlogMs,
      windows: this.#windows.map(({ waits, ...window }) => ({ ...window, queueMs: spread(waits) })),
    };
  }
}

interface OpenWindow {
  startedAt: number;
  packetsOut: number;
  bytesOut: number;
  dropped: number;
  waits: number[];
}

function spread(values: readonly number[]): LinkWindow['queueMs'] {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}

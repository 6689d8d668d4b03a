/** When a source that broke off is tried again. */
export interface Reconnect {
  /** Milliseconds before the first try; each further one waits twice as long as the one before. */
  readonly firstMs: number;
  readonly maxMs: number;
  /** Without a picture for so long, it is given up. */
  readonly giveUpMs: number;
}

export const defaultReconnect: Reconnect = { firstMs: 1_000, maxMs: 30_000, giveUpMs: 300_000 };

/**
 * @param tries made so far @param silentMs since the last picture
 * @returns milliseconds to wait before the next try; undefined: there is none
 */
export function reconnectDelay(
  { firstMs, maxMs, giveUpMs }: Reconnect,
  tries: number,
  silentMs: number,
): number | undefined {
  return silentMs >= giveUpMs ? undefined : Math.min(maxMs, firstMs * 2 ** tries);
}

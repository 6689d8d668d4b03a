const WIDTH = 24;
/** Milliseconds between two drawings. */
const INTERVAL_MS = 100;

/** What is drawn to. */
type Terminal = Pick<NodeJS.WriteStream, 'write' | 'isTTY'>;

/** One line on a terminal, written over: how far it is, and how fast. On anything else nothing is drawn. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #label: string;
  readonly #total: number | undefined;
  readonly #startedAt: number;
  #drawnAt = Number.NEGATIVE_INFINITY;

  /** @param total pictures, where that is known @param nowMs monotonic milliseconds */
  constructor(
    terminal: Terminal,
    { label, total }: { readonly label: string; readonly total: number | undefined },
    nowMs: number,
  ) {
    this.#terminal = terminal;
    this.#label = label;
    this.#total = total;
    this.#startedAt = nowMs;
  }

  /** @param done pictures */
  update(done: number, nowMs: number): void {
    if (!this.#terminal.isTTY || nowMs - this.#drawnAt < INTERVAL_MS) return;
    this.#drawnAt = nowMs;
    const rate = (done * 1000) / Math.max(1, nowMs - this.#startedAt);
    this.#terminal.write(
      `\r  ${this.#label} ${this.#bar(done)}${done} pictures, ${rate.toFixed(1)}/s\u001b[K`,
    );
  }

  /** Clears the line. */
  end(): void {
    if (this.#terminal.isTTY && this.#drawnAt > 0) this.#terminal.write('\r\u001b[K');
  }

  #bar(done: number): string {
    if (this.#total === undefined || this.#total <= 1) return '';
    const share = Math.min(1, done / this.#total);
    const filled = Math.round(share * WIDTH);
    return `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${Math.floor(share * 100)} %, `;
  }
}

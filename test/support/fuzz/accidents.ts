/** Collects what nobody caught in this process, which would end a media peer. */
export class Accidents implements Disposable {
  readonly #found: unknown[] = [];
  readonly #note = (error: unknown) => {
    this.#found.push(error);
  };

  constructor() {
    process.on('uncaughtException', this.#note);
    process.on('unhandledRejection', this.#note);
  }

  get found(): readonly unknown[] {
    return this.#found;
  }

  [Symbol.dispose](): void {
    process.off('uncaughtException', this.#note);
    process.off('unhandledRejection', this.#note);
  }
}

/** A map from the name of an event to the tuple of its arguments. */
type EventMap<Events> = Record<keyof Events, unknown[]>;

/** Typed events. A listener that throws is reported to the page and cannot break the call or other listeners. */
export class Emitter<Events extends EventMap<Events>> {
  readonly #listeners = new Map<keyof Events, Set<(...values: unknown[]) => void>>();

  /** Adds a listener and returns the function that takes it away again. */
  on<Name extends keyof Events>(name: Name, listener: (...values: Events[Name]) => void): () => void {
    const known = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, known);
    const added = (...values: unknown[]) => listener(...(values as Events[Name]));
    known.add(added);
    return () => {
      known.delete(added);
    };
  }

  protected emit<Name extends keyof Events>(name: Name, ...values: Events[Name]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        listener(...values);
      } catch (error) {
        globalThis.reportError(error);
      }
    }
  }
}

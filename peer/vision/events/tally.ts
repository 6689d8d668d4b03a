/** Labels that are counted apart; objects of others come under one. A model of faces or plates may invent labels. */
const MAX_LABELS = 100;
const REST = 'other';

/** Counts of several kinds by label. */
export class Tally<Kind extends string> {
  readonly #zero: Readonly<Record<Kind, number>>;
  readonly #byLabel = new Map<string, Record<Kind, number>>();

  constructor(zero: Readonly<Record<Kind, number>>) {
    this.#zero = zero;
  }

  add(label: string, kind: Kind, amount: 1 | -1 = 1): void {
    const name = this.#byLabel.has(label) || this.#byLabel.size < MAX_LABELS ? label : REST;
    const counts = this.#byLabel.get(name) ?? { ...this.#zero };
    counts[kind] += amount;
    this.#byLabel.set(name, counts);
  }

  /** A copy, with the labels that were seen. */
  counts(): Record<string, Record<Kind, number>> {
    return Object.fromEntries([...this.#byLabel].map(([label, counts]) => [label, { ...counts }]));
  }
}

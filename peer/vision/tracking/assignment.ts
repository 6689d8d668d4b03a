/** No column, or no row. */
const NONE = -1;

/**
 * Matches rows with columns, each at most once, so that the sum of the weights is the largest there is: the linear
 * assignment problem by shortest augmenting paths (Jonker and Volgenant, "A Shortest Augmenting Path Algorithm for
 * Dense and Sparse Linear Assignment Problems", 1987), O(s² · l) with the shorter and the longer side.
 *
 * @param weights row after row, finite and ≥ 0; a pair of weight 0 is never matched.
 * @returns the column of each row, -1 where it has none.
 */
export function assign(weights: Float64Array, rows: number, columns: number): Int32Array {
  const columnOf = new Int32Array(rows).fill(NONE);
  const isTurned = rows > columns;
  const search = isTurned
    ? new PathSearch(turned(weights, rows, columns), rows)
    : new PathSearch(weights, columns);
  for (let source = 0; source < Math.min(rows, columns); source++) search.place(source);
  for (const [target, source] of search.sourceOf.entries()) {
    if (source === NONE) continue;
    const [row, column] = isTurned ? [target, source] : [source, target];
    if ((weights[row * columns + column] as number) > 0) columnOf[row] = column;
  }
  return columnOf;
}

function turned(weights: Float64Array, rows: number, columns: number): Float64Array {
  return Float64Array.from(
    weights,
    (_, at) => weights[(at % rows) * columns + Math.floor(at / rows)] as number,
  );
}

/**
 * Gives every source a target of its own; there are no fewer targets than sources. A pair costs its negative weight.
 * Prices of targets and earnings of sources keep each cost - price - earning ≥ 0, and 0 where the two are matched.
 */
class PathSearch {
  /** The source of each target. */
  readonly sourceOf: Int32Array;
  readonly #weights: Float64Array;
  readonly #targets: number;
  readonly #earnings: Float64Array;
  readonly #prices: Float64Array;
  /** How much it costs to reach a target, and the target that the path comes from. */
  readonly #distance: Float64Array;
  readonly #previous: Int32Array;
  readonly #isReached: Uint8Array;

  constructor(weights: Float64Array, targets: number) {
    this.sourceOf = new Int32Array(targets).fill(NONE);
    this.#weights = weights;
    this.#targets = targets;
    this.#earnings = new Float64Array(targets);
    this.#prices = new Float64Array(targets);
    this.#distance = new Float64Array(targets);
    this.#previous = new Int32Array(targets);
    this.#isReached = new Uint8Array(targets);
  }

  /** Finds a target for one more source, by the cheapest chain of exchanges that ends at a free one. */
  place(source: number): void {
    this.#distance.fill(Number.POSITIVE_INFINITY);
    this.#isReached.fill(0);
    let target = NONE;
    for (let at = source; at !== NONE; at = this.sourceOf[target] as number) target = this.#step(at, target);
    this.#adaptPrices(source, this.#distance[target] as number);
    this.#exchange(source, target);
  }

  /** Looks from a source, which was come to by way of a target, at all that is left, and reaches the nearest. */
  #step(source: number, by: number): number {
    const [distances, prices, first] = [this.#distance, this.#prices, source * this.#targets];
    const base = (by === NONE ? 0 : (distances[by] as number)) - (this.#earnings[source] as number);
    let nearest = NONE;
    let least = Number.POSITIVE_INFINITY;
    for (let target = 0; target < this.#targets; target++) {
      if (this.#isReached[target] === 1) continue;
      const distance = base - (this.#weights[first + target] as number) - (prices[target] as number);
      if (distance < (distances[target] as number)) {
        distances[target] = distance;
        this.#previous[target] = by;
      }
      // Of several as near as each other a free one ends the search.
      const known = distances[target] as number;
      if (known > least || (known === least && this.sourceOf[target] !== NONE)) continue;
      least = known;
      nearest = target;
    }
    this.#isReached[nearest] = 1;
    return nearest;
  }

  #adaptPrices(source: number, end: number): void {
    this.#earnings[source] = (this.#earnings[source] as number) + end;
    for (let target = 0; target < this.#targets; target++) {
      if (this.#isReached[target] === 0) continue;
      const nearer = end - (this.#distance[target] as number);
      this.#prices[target] = (this.#prices[target] as number) - nearer;
      const owner = this.sourceOf[target] as number;
      if (owner !== NONE) this.#earnings[owner] = (this.#earnings[owner] as number) + nearer;
    }
  }

  /** Each target on the path passes to the source of the one before it. */
  #exchange(source: number, end: number): void {
    for (let target = end; target !== NONE; ) {
      const by = this.#previous[target] as number;
      this.sourceOf[target] = by === NONE ? source : (this.sourceOf[by] as number);
      target = by;
    }
  }
}

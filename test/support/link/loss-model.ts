/**
 * Which packets are lost: each by itself, or in runs, as the two states of a Gilbert model (E. N. Gilbert, "Capacity
 * of a burst-noise channel", 1960), where everything is lost in the bad state and nothing in the good one.
 */
export class LossModel {
  #bad = false;

  /**
   * @param loss share of packets that are lost in the long run
   * @param burst mean length of a run of lost packets; 0 for losses that do not depend on each other
   * @param drawn a random number in [0, 1)
   */
  isLost(loss: number, burst: number, drawn: number): boolean {
    if (burst === 0 || loss === 0 || loss === 1) return drawn < loss;
    const leave = 1 / burst;
    // What makes the share of time in the bad state equal to `loss`
    const enter = Math.min(1, (leave * loss) / (1 - loss));
    this.#bad = this.#bad ? drawn >= leave : drawn < enter;
    return this.#bad;
  }
}

import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { PeerLoad } from '../protocol/peers.ts';

/** Measures what this process costs: its share of a core, its memory, the delay of its event loop. */
export class LoadMeter {
  readonly #natives: () => number;
  readonly #remoteRuns: () => PeerLoad['remoteRuns'];
  readonly #delay = monitorEventLoopDelay({ resolution: 1 });
  #cpu = process.cpuUsage();
  #since = performance.now();
  #lastDelay = 0;

  /**
   * @param natives how many objects of the codec library are alive
   * @param remoteRuns what became of the runs that were meant for an inference server, where there is one
   */
  constructor(natives: () => number, remoteRuns: () => PeerLoad['remoteRuns'] = () => undefined) {
    this.#natives = natives;
    this.#remoteRuns = remoteRuns;
    this.#delay.enable();
  }

  /** Delay of the event loop at the last reading, milliseconds, 99th percentile. */
  get eventLoopDelay(): number {
    return this.#lastDelay;
  }

  /** The figures since the last reading. */
  read(sessions: number): PeerLoad {
    const now = performance.now();
    const spent = process.cpuUsage(this.#cpu);
    const remoteRuns = this.#remoteRuns();
    const load = {
      sessions,
      cpu: (spent.user + spent.system) / 1000 / Math.max(1, now - this.#since),
      residentMemory: process.memoryUsage.rss(),
      eventLoopDelayP99: this.#delay.count === 0 ? 0 : this.#delay.percentile(99) / 1e6,
      natives: this.#natives(),
      handles: process.getActiveResourcesInfo().length,
      ...(remoteRuns && { remoteRuns }),
    };
    this.#cpu = process.cpuUsage();
    this.#since = now;
    this.#lastDelay = load.eventLoopDelayP99;
    this.#delay.reset();
    return load;
  }

  close(): void {
    this.#delay.disable();
  }
}

import type { LineCounts, SceneEvent, ZoneCounts } from '../../protocol/events.ts';
import type { Zone } from './zone-draft.ts';

/** The newest counts of each zone, in words. They come with events, so a zone without one has counted nothing. */
export class ZoneTotals {
  readonly #zones = new Map<string, ZoneCounts>();
  readonly #lines = new Map<string, LineCounts>();

  push(event: SceneEvent): void {
    if (event.kind === 'cross') this.#lines.set(event.zoneId, event.counts);
    else if ('counts' in event) this.#zones.set(event.zoneId, event.counts);
  }

  /** `1 inside, 4 entered`; of a line `2 forward, 1 back`. */
  words({ id, kind }: Pick<Zone, 'id' | 'kind'>): string {
    if (kind === 'line') {
      const totals = Object.values(this.#lines.get(id) ?? {});
      return `${sum(totals, 'forward')} forward, ${sum(totals, 'backward')} back`;
    }
    const totals = Object.values(this.#zones.get(id) ?? {});
    return `${sum(totals, 'inside')} inside, ${sum(totals, 'entered')} entered`;
  }

  /** Forgets the zones that are not among these: another of the same name begins at nothing. */
  keep(zones: readonly Zone[]): void {
    const ids = new Set(zones.map(({ id }) => id));
    for (const counts of [this.#zones, this.#lines]) {
      for (const id of counts.keys()) if (!ids.has(id)) counts.delete(id);
    }
  }

  clear(): void {
    this.keep([]);
  }
}

function sum<Name extends string>(totals: readonly Record<Name, number>[], name: Name): number {
  return totals.reduce((all, total) => all + total[name], 0);
}

import type { DetectedObject } from '../../protocol/detections.ts';
import { type LabelCount, summarize } from '../sdk/detections-summary.ts';

/** Milliseconds that a label stays in the list after it was last seen, so that rows do not flicker. */
const HOLD_MS = 800;

interface Row extends LabelCount {
  lastSeenMs: number;
}

/** What is seen now, calm enough to read: labels keep their place while they are there. The time is an argument. */
export class SeenList {
  #rows: Row[] = [];

  /** Takes one result. */
  push(objects: readonly DetectedObject[], nowMs: number): void {
    const now = new Map(summarize(objects).map((entry) => [entry.label, { ...entry, lastSeenMs: nowMs }]));
    const kept = this.rows(nowMs).map((row) => now.get(row.label) ?? row);
    const known = new Set(kept.map((row) => row.label));
    this.#rows = [...kept, ...[...now.values()].filter((row) => !known.has(row.label))];
  }

  /** The rows to show, the one that has been there longest first. */
  rows(nowMs: number): readonly Row[] {
    return this.#rows.filter((row) => nowMs - row.lastSeenMs <= HOLD_MS);
  }

  clear(): void {
    this.#rows = [];
  }
}

/** One sentence for those who listen instead of look. */
export function seenSentence(rows: readonly LabelCount[]): string {
  if (rows.length === 0) return 'Nothing recognised';
  return `Seen now: ${rows.map(({ label, count }) => (count > 1 ? `${count} × ${label}` : label)).join(', ')}`;
}

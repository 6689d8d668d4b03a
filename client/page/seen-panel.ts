import type { Detections } from '../../protocol/detections.ts';
import type { LabelCount } from '../sdk/detections-summary.ts';
import type { Caller } from './caller.ts';
import { element } from './elements.ts';
import { SeenList, seenSentence } from './seen-list.ts';

/** Milliseconds between two renewals of the list, and between two sentences for a screen reader. */
const SHOW_MS = 250;
const SAY_MS = 4_000;

/** “Seen now”: labels with their number and best score. */
export class SeenPanel {
  readonly #list = element('seen', HTMLElement);
  readonly #empty = element('seen-empty', HTMLElement);
  readonly #spoken = element('seen-spoken', HTMLElement);
  readonly #template = element('seen-row', HTMLTemplateElement);
  readonly #rows = new Map<string, HTMLElement>();
  readonly #seen = new SeenList();
  #saidAt = Number.NEGATIVE_INFINITY;

  constructor(caller: Caller) {
    let timer: ReturnType<typeof setInterval> | undefined;
    caller.on('call', (call) => {
      clearInterval(timer);
      this.#seen.clear();
      this.#saidAt = performance.now();
      this.#empty.textContent = call ? 'Nothing recognised yet.' : 'What is recognised appears here.';
      this.#show();
      if (!call) return;
      call.on('detections', (detections: Detections) =>
        this.#seen.push(detections.objects, performance.now()),
      );
      timer = setInterval(() => this.#show(), SHOW_MS);
    });
  }

  #show(): void {
    const now = performance.now();
    const rows = this.#seen.rows(now);
    this.#empty.hidden = rows.length > 0;
    const labels = new Set(rows.map((row) => row.label));
    for (const [label, row] of this.#rows) if (!labels.has(label)) this.#remove(label, row);
    for (const row of rows) this.#fill(this.#rows.get(row.label) ?? this.#add(row.label), row);
    if (now - this.#saidAt >= SAY_MS) this.#say(rows, now);
  }

  #say(rows: readonly LabelCount[], now: number): void {
    const sentence = seenSentence(rows);
    if (this.#spoken.textContent === sentence) return;
    this.#spoken.textContent = sentence;
    this.#saidAt = now;
  }

  #add(label: string): HTMLElement {
    const row = (this.#template.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement;
    row.dataset['label'] = label;
    text(row, 'label', label);
    this.#rows.set(label, row);
    this.#list.append(row);
    return row;
  }

  #fill(row: HTMLElement, { count, score }: LabelCount): void {
    text(row, 'count', count > 1 ? `×${count}` : '');
    text(row, 'score', `${Math.round(score * 100)} %`);
    row.style.setProperty('--score', score.toFixed(2));
  }

  #remove(label: string, row: HTMLElement): void {
    row.remove();
    this.#rows.delete(label);
  }
}

function text(row: HTMLElement, part: string, value: string): void {
  const found = row.querySelector(`[data-part="${part}"]`);
  if (found) found.textContent = value;
}

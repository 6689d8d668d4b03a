import { element } from './elements.ts';
import type { Settings } from './settings.ts';

/** Labels that the protocol lets a session choose. */
const MAX_CLASSES = 100;

/** The labels of a model to choose some of, with a field to search them; hidden where there is only one. */
export class ClassFilter {
  readonly #field = element('classes-field', HTMLElement);
  readonly #search = element('classes-search', HTMLInputElement);
  readonly #all = element('classes-all', HTMLButtonElement);
  readonly #chips = element('classes', HTMLElement);
  readonly #settings: Settings;
  #labels: readonly string[] = [];

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#search.addEventListener('input', () => this.#narrow());
    this.#all.addEventListener('click', () => settings.changeTask({ classes: [] }));
  }

  show(labels: readonly string[], chosen: readonly string[]): void {
    const same =
      labels.length === this.#labels.length && labels.every((label, at) => label === this.#labels[at]);
    if (!same) this.#fill(labels);
    for (const box of this.#boxes()) box.checked = chosen.includes(box.value);
    this.#field.hidden = labels.length < 2;
    this.#all.hidden = chosen.length === 0;
    this.#all.textContent = `Show all (${chosen.length} chosen)`;
    this.#narrow();
  }

  #fill(labels: readonly string[]): void {
    this.#labels = labels;
    this.#search.value = '';
    this.#chips.replaceChildren(...labels.map((label) => this.#chip(label)));
  }

  #chip(label: string): HTMLElement {
    const box = Object.assign(document.createElement('input'), { type: 'checkbox', value: label });
    box.addEventListener('change', () => {
      const classes = this.#boxes().flatMap(({ checked, value }) => (checked ? [value] : []));
      this.#settings.changeTask({ classes: classes.slice(0, MAX_CLASSES) });
    });
    const chip = document.createElement('label');
    chip.className = 'chip small';
    chip.append(box, label);
    return chip;
  }

  /** Those that are chosen stay in sight whatever is searched for. */
  #narrow(): void {
    const wanted = this.#search.value.trim().toLowerCase();
    for (const box of this.#boxes()) {
      const shown = box.checked || box.value.toLowerCase().includes(wanted);
      box.parentElement?.toggleAttribute('hidden', !shown);
    }
  }

  #boxes(): HTMLInputElement[] {
    return [...this.#chips.querySelectorAll('input')];
  }
}

import type { Caller } from './caller.ts';
import { element } from './elements.ts';
import type { Settings } from './settings.ts';
import { ZoneTotals } from './zone-counts.ts';

/** The zones with what they have counted, and a button to take each away. */
export class ZoneList {
  readonly #list = element('zones', HTMLElement);
  readonly #template = element('zone-row', HTMLTemplateElement);
  readonly #settings: Settings;
  readonly #totals = new ZoneTotals();

  constructor(caller: Caller, settings: Settings) {
    this.#settings = settings;
    settings.on('change', ({ zones }) => {
      this.#totals.keep(zones);
      this.#show();
    });
    caller.on('call', (call) => {
      if (call) this.#totals.clear();
      call?.on('event', (event) => {
        this.#totals.push(event);
        this.#showCounts();
      });
      this.#showCounts();
    });
  }

  #show(): void {
    const { zones } = this.#settings.choices;
    const shown = [...this.#list.children].map((row) => (row as HTMLElement).dataset['zone']);
    if (shown.join('\n') !== zones.map(({ id }) => id).join('\n')) {
      this.#list.replaceChildren(...zones.map(({ id }) => this.#row(id)));
    }
    this.#showCounts();
  }

  #row(id: string): HTMLElement {
    const row = (this.#template.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement;
    row.dataset['zone'] = id;
    const remove = row.querySelector('button');
    remove?.setAttribute('aria-label', `Remove ${id}`);
    remove?.addEventListener('click', () => this.#remove(id));
    row.addEventListener('keydown', ({ key }) => {
      if (key === 'Delete' || key === 'Backspace') this.#remove(id);
    });
    row.querySelector('[data-part="name"]')?.append(id);
    return row;
  }

  /** The focus goes on to the next zone, or to where another is begun, so that who uses the keyboard stays here. */
  #remove(id: string): void {
    const { zones } = this.#settings.choices;
    const at = zones.findIndex((zone) => zone.id === id);
    this.#settings.change({ zones: zones.filter((zone) => zone.id !== id) });
    const next = this.#list.children[Math.min(at, zones.length - 2)]?.querySelector('button');
    (next ?? element('draw-zone', HTMLButtonElement)).focus();
  }

  #showCounts(): void {
    for (const [at, zone] of this.#settings.choices.zones.entries()) {
      const counts = this.#list.children[at]?.querySelector('[data-part="counts"]');
      if (counts) counts.textContent = this.#totals.words(zone);
    }
  }
}

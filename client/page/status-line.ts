import type { Caller } from './caller.ts';
import { element } from './elements.ts';
import { isActive, type Phase, phaseWords } from './phase.ts';

/** The status line, and the main button that goes with it. */
export class StatusLine {
  readonly #status = element('status', HTMLElement);
  readonly #text = element('status-text', HTMLElement);
  readonly #start = element('start', HTMLButtonElement);
  readonly #label = element('start-label', HTMLElement);

  constructor(caller: Caller) {
    this.#start.addEventListener('click', () => (isActive(caller.phase) ? caller.stop() : caller.start()));
    caller.on('phase', (phase) => this.#show(phase));
    this.#show(caller.phase);
  }

  #show(phase: Phase): void {
    const { tone, text } = phaseWords(phase);
    const active = isActive(phase);
    document.body.dataset['phase'] = phase.name;
    this.#status.dataset['tone'] = tone;
    this.#text.textContent = text;
    this.#start.dataset['active'] = String(active);
    this.#label.textContent = active ? 'Stop' : 'Start';
  }
}

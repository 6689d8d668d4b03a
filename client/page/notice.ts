import type { Caller } from './caller.ts';
import { element } from './elements.ts';
import { keepKey } from './key.ts';
import type { Phase } from './phase.ts';

/** The card over the stage: what went wrong, what to do, and the way on. */
export class Notice {
  readonly #card = element('notice', HTMLElement);
  readonly #title = element('notice-title', HTMLElement);
  readonly #advice = element('notice-advice', HTMLElement);
  readonly #retry = element('retry', HTMLButtonElement);
  readonly #form = element('key-form', HTMLFormElement);
  readonly #key = element('key', HTMLInputElement);

  constructor(caller: Caller) {
    this.#retry.addEventListener('click', () => caller.start());
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      keepKey(this.#key.value.trim());
      this.#key.value = '';
      caller.start();
    });
    caller.on('phase', (phase) => this.#show(phase));
  }

  #show(phase: Phase): void {
    const error = phase.name === 'failed' || phase.name === 'waiting' ? phase.error : null;
    this.#card.hidden = error === null;
    if (!error) return;
    const asksKey = error.code === 'key-required';
    this.#title.textContent = error.title;
    this.#advice.textContent = error.advice;
    this.#card.dataset['code'] = error.code;
    this.#form.hidden = !asksKey;
    this.#retry.hidden = asksKey;
    this.#retry.textContent = phase.name === 'waiting' ? 'Try now' : 'Try again';
    if (phase.name === 'failed') (asksKey ? this.#key : this.#retry).focus({ preventScroll: true });
  }
}

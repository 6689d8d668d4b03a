import type { CallError } from '../sdk/call-error.ts';
import type { Caller } from './caller.ts';
import { element } from './elements.ts';
import { keepKey } from './key.ts';
import { isActive, type Phase } from './phase.ts';

/** The card over the stage: what went wrong, what to do, and the way on. */
export class Notice {
  readonly #card = element('notice', HTMLElement);
  readonly #title = element('notice-title', HTMLElement);
  readonly #advice = element('notice-advice', HTMLElement);
  readonly #retry = element('retry', HTMLButtonElement);
  readonly #form = element('key-form', HTMLFormElement);
  readonly #key = element('key', HTMLInputElement);

  constructor(caller: Caller) {
    this.#retry.addEventListener('click', () => {
      if (isActive(caller.phase) && caller.phase.name !== 'waiting') this.#show(caller.phase);
      else caller.start();
    });
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
    this.#fill(error, phase.name === 'waiting' ? 'Try now' : 'Try again');
    if (phase.name === 'failed') (this.#form.hidden ? this.#retry : this.#key).focus({ preventScroll: true });
  }

  /** Shows what went wrong while the call goes on, until the person has read it or the call has a new phase. */
  tell(error: CallError): void {
    this.#card.hidden = false;
    this.#fill(error, 'Close');
  }

  #fill(error: CallError, way: string): void {
    const asksKey = error.code === 'key-required';
    this.#title.textContent = error.title;
    this.#advice.textContent = error.advice;
    this.#card.dataset['code'] = error.code;
    this.#form.hidden = !asksKey;
    this.#retry.hidden = asksKey;
    this.#retry.textContent = way;
  }
}

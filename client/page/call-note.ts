import type { ControlNotice } from '../../protocol/control.ts';
import type { Caller } from './caller.ts';
import { element } from './elements.ts';
import { noticeWords } from './notice-words.ts';

/** What the server says of a call while it goes on: one line over the picture, until it is closed or no longer so. */
export class CallNote {
  readonly #note = element('call-note', HTMLElement);
  readonly #text = element('call-note-text', HTMLElement);

  constructor(caller: Caller) {
    element('call-note-close', HTMLButtonElement).addEventListener('click', () => this.#show(null));
    caller.on('call', (call) => {
      this.#show(null);
      call?.on('notice', (notice) => this.#show(notice));
    });
  }

  #show(notice: ControlNotice | null): void {
    const words = notice && noticeWords(notice);
    this.#note.hidden = !words;
    this.#text.textContent = words;
    if (notice) this.#note.dataset['code'] = notice.code;
  }
}

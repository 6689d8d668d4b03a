import { element } from './elements.ts';
import { type Choices, hides, type Settings } from './settings.ts';

/** What becomes of the picture: what is hidden in it, whether it waits for its results, and who draws. */
export class PictureChoice {
  readonly #faces = element('faces', HTMLSelectElement);
  readonly #background = element('background', HTMLSelectElement);
  readonly #colour = element('background-colour', HTMLInputElement);
  readonly #colourField = element('background-colour-field', HTMLElement);
  readonly #sync = element('sync', HTMLSelectElement);
  readonly #output = element('output', HTMLSelectElement);

  constructor(settings: Settings) {
    for (const field of [this.#faces, this.#background, this.#colour, this.#sync, this.#output]) {
      field.addEventListener('change', () => settings.change(this.#read()));
    }
    settings.on('change', (choices) => this.#show(choices));
    this.#show(settings.choices);
  }

  #read(): Partial<Choices> {
    const background = this.#background.value;
    return {
      faces: this.#faces.value as Choices['faces'],
      background: background === 'colour' ? this.#colour.value : (background as Choices['background']),
      sync: this.#sync.value as Choices['sync'],
      output: this.#output.value as Choices['output'],
    };
  }

  #show(choices: Choices): void {
    const { faces, background, sync, output } = choices;
    const isColour = background.startsWith('#');
    this.#faces.value = faces;
    this.#background.value = isColour ? 'colour' : background;
    if (isColour) this.#colour.value = background;
    this.#colourField.hidden = !isColour;
    this.#sync.value = sync;
    this.#output.value = output;
    // The server refuses to send the camera's own picture where something in it is to be hidden, and so does the page.
    const own = this.#output.querySelector<HTMLOptionElement>('[value="passthrough"]');
    if (own) own.disabled = hides(choices);
    for (const effect of [this.#faces, this.#background]) effect.disabled = output === 'passthrough';
  }
}

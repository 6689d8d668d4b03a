import type { ModelSummary } from '../../protocol/models.ts';
import { ClassFilter } from './class-filter.ts';
import { element } from './elements.ts';
import type { Settings } from './settings.ts';
import type { ChosenModels } from './task-chips.ts';
import { taskWords } from './task-words.ts';

/** The settings of one task: its model where there are several, the threshold and the labels. */
export class TaskFields {
  readonly #editedField = element('edited-field', HTMLElement);
  readonly #edited = element('edited', HTMLSelectElement);
  readonly #modelField = element('model-field', HTMLElement);
  readonly #model = element('model', HTMLSelectElement);
  readonly #threshold = element('threshold', HTMLInputElement);
  readonly #shown = element('threshold-value', HTMLOutputElement);
  readonly #settings: Settings;
  readonly #filter: ClassFilter;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#filter = new ClassFilter(settings);
    this.#edited.addEventListener('change', () => settings.change({ edited: this.#edited.selectedIndex }));
    this.#model.addEventListener('change', () => settings.chooseModel(this.#model.value));
    this.#threshold.addEventListener('input', () =>
      settings.changeTask({ threshold: this.#threshold.valueAsNumber / 100 }),
    );
  }

  show(chosen: ChosenModels, models: readonly ModelSummary[]): void {
    const { edited } = this.#settings.choices;
    const { threshold, classes } = this.#settings.task;
    const model = chosen[edited];
    this.#showEdited(chosen, edited);
    if (!model) return;
    const others = models.filter(({ task }) => task === model.task);
    this.#modelField.hidden = others.length < 2;
    this.#model.replaceChildren(
      ...others.map(({ id, title }) => new Option(title, id, id === model.id, id === model.id)),
    );
    const percent = Math.round((threshold ?? model.threshold) * 100);
    this.#threshold.value = String(percent);
    this.#shown.value = `${percent} %`;
    this.#filter.show(model.labels, classes);
  }

  #showEdited(chosen: ChosenModels, edited: number): void {
    this.#editedField.hidden = chosen.length < 2;
    const words = chosen.map((model) => (model ? taskWords(model.task) : '–'));
    this.#edited.replaceChildren(
      ...words.map((word, at) => new Option(word, String(at), at === edited, at === edited)),
    );
  }
}

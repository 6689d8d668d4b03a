import type { ModelSummary } from '../../protocol/models.ts';
import { element } from './elements.ts';
import { MAX_TASKS, type Settings } from './settings.ts';
import { orderTasks, taskWords } from './task-words.ts';

/** The models of the tasks that are chosen, in their order; undefined for one that the server does not have. */
export type ChosenModels = readonly (ModelSummary | undefined)[];

/** A chip for each task: one of them is chosen, or several where the person wants several at once. */
export class TaskChips {
  readonly #chips = element('tasks', HTMLElement);
  readonly #several = element('several', HTMLInputElement);
  readonly #settings: Settings;
  #models: readonly ModelSummary[] = [];
  #chosen: ChosenModels = [];

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#several.addEventListener('change', () => {
      if (!this.#several.checked) settings.keepOne();
      this.#setKind();
    });
  }

  fill(models: readonly ModelSummary[]): void {
    this.#models = models;
    this.#chips.replaceChildren(
      ...orderTasks(models.map(({ task }) => task)).map((task) => this.#chip(task)),
    );
    this.#setKind();
  }

  show(chosen: ChosenModels): void {
    this.#chosen = chosen;
    const isFull = this.#several.checked && chosen.length >= MAX_TASKS;
    for (const input of this.#inputs()) {
      input.checked = chosen.some((model) => model?.task === input.value);
      input.disabled = isFull && !input.checked;
    }
  }

  /** Radio buttons, or check boxes: what they are called to those who listen, and what the arrow keys do. */
  #setKind(): void {
    const isSeveral = this.#several.checked;
    this.#chips.role = isSeveral ? 'group' : 'radiogroup';
    for (const input of this.#inputs()) input.type = isSeveral ? 'checkbox' : 'radio';
    this.show(this.#chosen);
  }

  #chip(task: string): HTMLElement {
    const input = Object.assign(document.createElement('input'), { name: 'task', value: task });
    input.dataset['testid'] = `task-${task}`;
    input.addEventListener('change', () => this.#change(task, input.checked));
    const label = document.createElement('label');
    label.className = 'chip';
    label.append(input, taskWords(task));
    return label;
  }

  #change(task: string, isChosen: boolean): void {
    const ofTask = this.#models.filter((model) => model.task === task);
    const best = ofTask.find((model) => model.default) ?? ofTask[0];
    if (!isChosen) this.#settings.removeTask(this.#chosen.findIndex((model) => model?.task === task));
    else if (best && this.#several.checked) this.#settings.addTask(best.id);
    else if (best) this.#settings.chooseModel(best.id);
    // The last one stays, whatever the browser has made of its box.
    this.show(this.#chosen);
  }

  #inputs(): HTMLInputElement[] {
    return [...this.#chips.querySelectorAll('input')];
  }
}

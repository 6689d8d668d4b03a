import type { ModelSummary } from '../../protocol/models.ts';
import { CallError } from '../sdk/call-error.ts';
import type { Server } from '../sdk/server.ts';
import type { Caller } from './caller.ts';
import { ClassFilter } from './class-filter.ts';
import { element } from './elements.ts';
import type { Choices, Settings } from './settings.ts';
import { orderTasks, taskWords } from './task-words.ts';

/** What is looked for: the task, its model where there are several, and the threshold. */
export class TaskChoice {
  readonly #section = element('task-section', HTMLElement);
  readonly #tasks = element('tasks', HTMLElement);
  readonly #field = element('model-field', HTMLElement);
  readonly #select = element('model', HTMLSelectElement);
  readonly #threshold = element('threshold', HTMLInputElement);
  readonly #shown = element('threshold-value', HTMLOutputElement);
  readonly #settings: Settings;
  readonly #filter: ClassFilter;
  readonly #server: () => Server;
  #models: readonly ModelSummary[] = [];

  /** @param server asked anew each time, because the key may have come meanwhile */
  constructor(caller: Caller, settings: Settings, server: () => Server) {
    this.#settings = settings;
    this.#server = server;
    this.#filter = new ClassFilter(settings);
    this.#select.addEventListener('change', () => settings.chooseModel(this.#select.value));
    this.#threshold.addEventListener('input', () =>
      settings.change({ threshold: this.#threshold.valueAsNumber / 100 }),
    );
    settings.on('change', (choices) => this.#show(choices));
    caller.on('phase', ({ name }) => {
      if (name === 'connected' && this.#models.length === 0) void this.fill();
    });
  }

  /** Asks the server. Without an answer the page works with the default model, so a failure is shown nowhere. */
  async fill(): Promise<void> {
    try {
      this.#models = (await this.#server().models()).filter(({ available }) => available);
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      return;
    }
    this.#tasks.replaceChildren(
      ...orderTasks(this.#models.map(({ task }) => task)).map((task) => this.#radio(task)),
    );
    this.#section.hidden = this.#models.length === 0;
    this.#show(this.#settings.choices);
  }

  #radio(task: string): HTMLElement {
    const radio = Object.assign(document.createElement('input'), {
      type: 'radio',
      name: 'task',
      value: task,
    });
    radio.dataset['testid'] = `task-${task}`;
    radio.addEventListener('change', () => {
      const best = this.#models.find((model) => model.task === task && model.default) ?? this.#of(task)[0];
      if (best) this.#settings.chooseModel(best.id);
    });
    const label = document.createElement('label');
    label.className = 'chip';
    label.append(radio, taskWords(task));
    return label;
  }

  #of(task: string): ModelSummary[] {
    return this.#models.filter((model) => model.task === task);
  }

  #show({ model, threshold, classes }: Choices): void {
    const chosen = this.#models.find(({ id, default: isDefault }) => (model ? id === model : isDefault));
    if (!chosen) return;
    for (const radio of this.#tasks.querySelectorAll('input')) radio.checked = radio.value === chosen.task;
    const models = this.#of(chosen.task);
    this.#field.hidden = models.length < 2;
    this.#select.replaceChildren(
      ...models.map(({ id, title }) => new Option(title, id, id === chosen.id, id === chosen.id)),
    );
    const percent = Math.round((threshold ?? chosen.threshold) * 100);
    this.#threshold.value = String(percent);
    this.#shown.value = `${percent} %`;
    this.#filter.show(chosen.labels, classes);
  }
}

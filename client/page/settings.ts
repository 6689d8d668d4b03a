import type { LiveSettings, Output } from '../../protocol/session.ts';
import type { Effects, Sync, TaskSettings } from '../../protocol/tasks.ts';
import type { Zones } from '../../protocol/zones.ts';
import { Emitter } from '../sdk/emitter.ts';

/** Frames a second that are looked at where each is to have its own result. */
const EVERY_FRAME = 30;

/** One thing that is looked for. */
export interface TaskPick {
  /** The server's default when left out. */
  readonly model: string | undefined;
  /** The model's own when left out. */
  readonly threshold: number | undefined;
  /** Labels to look for; all when empty. */
  readonly classes: readonly string[];
}

/** What the person has chosen. */
export interface Choices {
  /** At least one; no two of one model. */
  readonly tasks: readonly TaskPick[];
  /** Index of the task whose settings are shown to be changed. */
  readonly edited: number;
  readonly faces: NonNullable<Effects['faces']>;
  readonly background: NonNullable<Effects['background']>;
  readonly sync: Sync;
  readonly output: Output;
  readonly zones: Zones;
}

const FIRST: Choices = {
  tasks: [{ model: undefined, threshold: undefined, classes: [] }],
  edited: 0,
  faces: 'off',
  background: 'off',
  sync: 'live',
  output: 'annotated',
  zones: [],
};

/** Tasks that the protocol lets a session have. */
export const MAX_TASKS = 4;

/** What the settings tell. */
interface SettingsEvents {
  /** Some of it is another now. */
  change: [Choices];
}

/** The settings of the page: they outlive a call, and the next one begins with them. */
export class Settings extends Emitter<SettingsEvents> {
  #choices = FIRST;

  get choices(): Choices {
    return this.#choices;
  }

  change(changes: Partial<Choices>): void {
    this.#choices = { ...this.#choices, ...changes };
    this.emit('change', this.#choices);
  }

  /** The task whose settings are shown. */
  get task(): TaskPick {
    return (
      this.#choices.tasks[this.#choices.edited] ?? { model: undefined, threshold: undefined, classes: [] }
    );
  }

  /** Changes the task whose settings are shown. */
  changeTask(changes: Partial<TaskPick>): void {
    const { tasks, edited } = this.#choices;
    this.change({ tasks: tasks.with(edited, { ...this.task, ...changes }) });
  }

  /** Another model begins with a threshold and classes of its own. */
  chooseModel(model: string): void {
    this.changeTask({ model, threshold: undefined, classes: [] });
  }

  /** Looks for something more beside what is looked for; {@link MAX_TASKS} at most. */
  addTask(model: string): void {
    const { tasks } = this.#choices;
    if (tasks.length >= MAX_TASKS) return;
    this.change({
      tasks: [...tasks, { model, threshold: undefined, classes: [] }],
      edited: tasks.length,
    });
  }

  /** Looks for one thing less; the last stays. */
  removeTask(at: number): void {
    const { tasks, edited } = this.#choices;
    if (tasks.length < 2) return;
    const left = edited > at || edited === tasks.length - 1 ? edited - 1 : edited;
    this.change({ tasks: tasks.toSpliced(at, 1), edited: left });
  }

  /** Looks for nothing but the task whose settings are shown. */
  keepOne(): void {
    if (this.#choices.tasks.length > 1) this.change({ tasks: [this.task], edited: 0 });
  }
}

/** Whether something in the picture is to be hidden: then the camera's own picture cannot go out. */
export function hides({ faces, background }: Choices): boolean {
  return faces !== 'off' || background !== 'off';
}

/**
 * What the server is told of a change: whole fields, so that nothing of an earlier choice stays in them, but only those
 * that differ, because zones that are set again count anew.
 */
export function wireChanges(before: Choices, after: Choices): LiveSettings {
  const known = new Map(
    Object.entries(toWire(before)).map(([field, value]) => [field, JSON.stringify(value)]),
  );
  return Object.fromEntries(
    Object.entries(toWire(after)).filter(([field, value]) => known.get(field) !== JSON.stringify(value)),
  );
}

/** What a call begins with. */
export function toWire({ tasks, faces, background, sync, output, zones }: Choices): LiveSettings {
  return {
    tasks: tasks.map((task) => taskToWire(task, output)),
    output,
    sync,
    effects: { faces, background },
    zones,
  };
}

function taskToWire({ model, threshold, classes }: TaskPick, output: Output): TaskSettings {
  return {
    ...(model !== undefined && { model }),
    ...(threshold !== undefined && { threshold }),
    ...(classes.length > 0 && { classes: [...classes] }),
    // Here nobody carries boxes on from frame to frame, so as many frames as can be have results of their own.
    ...(output === 'passthrough' && { rate: EVERY_FRAME }),
  };
}

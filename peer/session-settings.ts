import { SightlineError } from '../protocol/errors.ts';
import type { CurrentSettings, CurrentTask, LiveSettings } from '../protocol/session.ts';
import type { Effects, Task, TaskSettings } from '../protocol/tasks.ts';
import { parseZones, type Zones } from '../protocol/zones.ts';
import type { Engine } from './inference/engine.ts';
import type { LaneSetup } from './pipeline/task-lanes.ts';
import type { PrivacyEffect } from './vision/effects/privacy.ts';
import { toColour } from './vision/palette.ts';

/** Frames a second that are looked at where nobody says: with boxes carried to every frame, more shows no difference. */
const DEFAULT_RATE = 15;

/** Where models come from. */
export interface ModelSource {
  /** @throws SightlineError `model-unknown`, `model-unavailable` */
  get(id?: string): Promise<Engine>;
  /** The best model of a task. @throws SightlineError `model-unavailable` */
  idFor(task: Task): string;
}

/** What was chosen so far. */
export interface Chosen {
  readonly tasks: readonly TaskSettings[];
  readonly output: CurrentSettings['output'];
  readonly sync: CurrentSettings['sync'];
  readonly effects: Effects;
  readonly zones: Zones;
}

export const NOTHING_CHOSEN: Chosen = {
  tasks: [{}],
  output: 'annotated',
  sync: 'live',
  effects: {},
  zones: [],
};

/**
 * Changes what was chosen; what is left out stays. The fields of a single task change the first one.
 * @throws SightlineError `tasks-invalid`, `zone-invalid`
 */
export function choose(before: Chosen, changes: LiveSettings): Chosen {
  const { output = before.output, sync = before.sync, zones } = changes;
  const chosen = {
    tasks: chooseTasks(before.tasks, changes),
    output,
    sync,
    effects: { ...before.effects, ...changes.effects },
    zones: zones === undefined ? before.zones : parseZones(zones),
  };
  if (output === 'passthrough' && privacyOf(chosen.effects).length > 0) {
    throw invalid('expected the output annotated where effects hide something, found passthrough');
  }
  return chosen;
}

function chooseTasks(before: readonly TaskSettings[], changes: LiveSettings): readonly TaskSettings[] {
  const { task, model, threshold, classes, rate, budgetMs, tasks } = changes;
  const single = Object.fromEntries(
    Object.entries({ task, model, threshold, classes, rate, budgetMs }).filter(
      ([, value]) => value !== undefined,
    ),
  ) as TaskSettings;
  const names = Object.keys(single);
  if (tasks !== undefined) {
    if (names.length > 0) throw invalid(`expected either tasks or ${names.join(', ')}, found both`);
    return tasks;
  }
  const [first = {}, ...others] = before;
  // Another task or model begins with settings of its own.
  const isAnother = task !== undefined || model !== undefined;
  return [{ ...(isAnother ? {} : first), ...single }, ...others];
}

/**
 * Loads what was chosen.
 * @throws SightlineError `model-unknown`, `model-unavailable`, `tasks-invalid`
 */
export async function load(chosen: Chosen, models: ModelSource): Promise<LaneSetup> {
  const { sync, zones, output } = chosen;
  const tasks = await Promise.all(
    chosen.tasks.map(async (task) => {
      const engine = await models.get(task.model ?? (task.task && models.idFor(task.task)));
      expectFit(task, engine);
      const { threshold = engine.manifest.threshold, classes, rate = DEFAULT_RATE, budgetMs } = task;
      return { engine, settings: { threshold, classes, rate, budgetMs } };
    }),
  );
  const privacy = await Promise.all(
    privacyOf(chosen.effects).map(async ({ effect, task }) => ({
      effect,
      engine: await models.get(models.idFor(task)),
    })),
  );
  return { tasks, privacy, sync, zones, output };
}

/** What was loaded, as clients are told. */
export function describe({ effects, zones, output, sync }: Chosen, { tasks }: LaneSetup): CurrentSettings {
  const current = tasks.map(({ engine, settings: { threshold, classes, rate, budgetMs } }): CurrentTask => {
    const { id: model, task } = engine.manifest;
    return { task, model, threshold, classes: classes && [...classes], rate, budgetMs };
  });
  const [first] = current;
  if (first === undefined) throw invalid('expected at least one task, found none');
  const { task, model, threshold } = first;
  return { task, model, threshold, tasks: current, output, sync, effects, zones: [...zones] };
}

function expectFit({ task, classes = [] }: TaskSettings, { manifest }: Engine): void {
  if (task !== undefined && task !== manifest.task) {
    throw invalid(`expected a model for ${task}, found ${manifest.id}, which is one for ${manifest.task}`);
  }
  const unknown = classes.filter((label) => !manifest.labels.includes(label));
  if (unknown.length > 0) {
    throw invalid(`expected labels of ${manifest.id} in classes, found ${unknown.join(', ')}`);
  }
}

function privacyOf({ faces = 'off', background = 'off' }: Effects): { effect: PrivacyEffect; task: Task }[] {
  const found: { effect: PrivacyEffect; task: Task }[] = [];
  if (background === 'blur') found.push({ effect: { kind: 'blur-background' }, task: 'segment' });
  else if (background !== 'off') {
    const backdrop = toColour(Number.parseInt(background.slice(1), 16));
    found.push({ effect: { kind: 'replace-background', backdrop }, task: 'segment' });
  }
  if (faces !== 'off') {
    const kind = faces === 'blur' ? 'blur-faces' : 'pixelate-faces';
    found.push({ effect: { kind }, task: 'faces' });
  }
  return found;
}

function invalid(found: string): SightlineError {
  return new SightlineError('tasks-invalid', `Cannot use the tasks: ${found}`);
}

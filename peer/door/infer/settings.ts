import { SightlineError } from '../../../protocol/errors.ts';
import { faultsIn } from '../../../protocol/faults.ts';
import { type InferSettings, inferSettingsSchema } from '../../../protocol/infer.ts';
import type { Engine } from '../../inference/engine.ts';
import { choose, load, type ModelSource, NOTHING_CHOSEN } from '../../session-settings.ts';
import type { RawSettings } from './batch.ts';

/** What is done with each image of a request. */
export interface InferWork {
  readonly engine: Engine;
  readonly threshold: number;
  readonly classes: readonly string[] | undefined;
}

/**
 * @throws SightlineError `infer-invalid`, `model-unknown`, `model-unavailable`, `tasks-invalid`
 */
export async function toWork(raw: RawSettings, models: ModelSource): Promise<InferWork> {
  const setup = await load(choose(NOTHING_CHOSEN, parse(raw)), models);
  const [task] = setup.tasks;
  if (!task) throw new SightlineError('internal', 'Cannot look at images: expected one task, found none');
  const { threshold, classes } = task.settings;
  return { engine: task.engine, threshold, classes };
}

function parse(raw: RawSettings): InferSettings {
  const parsed = inferSettingsSchema.safeParse(fromTexts(raw));
  if (parsed.success) return parsed.data;
  throw new SightlineError('infer-invalid', `Cannot use the settings: ${faultsIn(parsed.error, 'body')}`);
}

/** Addresses and forms have texts alone. */
function fromTexts({ threshold, classes, ...others }: RawSettings): RawSettings {
  const list = typeof classes === 'string' ? classes.split(',').map((label) => label.trim()) : classes;
  const number = typeof threshold === 'string' && threshold !== '' ? Number(threshold) : threshold;
  return {
    ...others,
    ...(threshold === undefined ? {} : { threshold: number }),
    ...(classes === undefined ? {} : { classes: list }),
  };
}

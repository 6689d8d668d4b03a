import { z } from 'zod';
import { SightlineError } from './errors.ts';
import { faultsIn } from './faults.ts';
import { type LiveSettings, liveSettingsSchema } from './session.ts';
import { type Effects, effectsSchema } from './tasks.ts';

const { task, model, threshold, classes, rate, budgetMs, sync } = liveSettingsSchema.shape;

/** A number as one writes it in an address. */
export const queryNumber = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,6})?$/, 'expected a number')
  .transform(Number);

/** The settings of a session that fit into an address: of one task, and what is hidden. Commas separate labels. */
export const settingsQuery = {
  task,
  model,
  threshold: queryNumber.pipe(threshold.unwrap()).optional(),
  classes: z
    .string()
    .transform((labels) => labels.split(','))
    .pipe(classes.unwrap())
    .optional(),
  rate: queryNumber.pipe(rate.unwrap()).optional(),
  budgetMs: queryNumber.pipe(budgetMs.unwrap()).optional(),
  sync,
  ...effectsSchema.shape,
};

/** Puts the effects, which stand side by side with the rest in an address, where settings have them. */
export function toSettings<T extends Omit<LiveSettings, 'effects'>>({
  faces,
  background,
  ...settings
}: T & Effects): LiveSettings {
  const effects = { ...(faces && { faces }), ...(background && { background }) };
  return Object.keys(effects).length > 0 ? { ...settings, effects } : settings;
}

/** @throws SightlineError `query-invalid` */
export function readQuery<T extends z.ZodType>(schema: T, query: object): z.infer<T> {
  const parsed = schema.safeParse({ ...query });
  if (parsed.success) return parsed.data;
  throw new SightlineError(
    'query-invalid',
    `Cannot use the query of the address: ${faultsIn(parsed.error, 'query')}`,
  );
}

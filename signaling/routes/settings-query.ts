import type { ParsedUrlQuery } from 'node:querystring';
import { z } from 'zod';
import { SightlineError } from '../../protocol/errors.ts';
import { type LiveSettings, liveSettingsSchema } from '../../protocol/session.ts';
import { effectsSchema } from '../../protocol/tasks.ts';

const { task, model, threshold, classes, rate, budgetMs, output, sync } = liveSettingsSchema.shape;

/** A number as one writes it in an address. */
const number = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,6})?$/, 'expected a number')
  .transform(Number);

/** The settings of a session that fit into an address: of one task, and those of the picture. */
const querySchema = z.strictObject({
  task,
  model,
  threshold: number.pipe(threshold.unwrap()).optional(),
  classes: z
    .string()
    .transform((labels) => labels.split(','))
    .pipe(classes.unwrap())
    .optional(),
  rate: number.pipe(rate.unwrap()).optional(),
  budgetMs: number.pipe(budgetMs.unwrap()).optional(),
  output,
  sync,
  ...effectsSchema.shape,
});

/**
 * Reads the settings of a session from the query of an address; labels are separated by commas.
 * @throws SightlineError `query-invalid`
 */
export function readSettingsQuery(query: ParsedUrlQuery): LiveSettings {
  const { faces, background, ...settings } = readQuery(querySchema, query);
  const effects = { ...(faces && { faces }), ...(background && { background }) };
  return Object.keys(effects).length > 0 ? { ...settings, effects } : settings;
}

/** @throws SightlineError `query-invalid` */
export function readQuery<T extends z.ZodType>(schema: T, query: ParsedUrlQuery): z.infer<T> {
  const parsed = schema.safeParse({ ...query });
  if (parsed.success) return parsed.data;
  const complaints = z.prettifyError(parsed.error).replaceAll('\n', ' ');
  throw new SightlineError('query-invalid', `Cannot use the query of the address: ${complaints}`);
}

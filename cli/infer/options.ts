import { parseArgs } from 'node:util';
import { type Task, taskSchema, taskSettingsSchema } from '../../protocol/tasks.ts';
import { UsageError } from '../command.ts';

/** Standard input, or standard output. */
export const STANDARD = '-';

/** What `sightline infer` was asked for. */
export interface InferOptions {
  /** A film, a picture, a folder of pictures, an address, or standard input. */
  readonly input: string;
  readonly task: Task | undefined;
  /** Id of the catalogue, or of an own model. */
  readonly model: string | undefined;
  readonly threshold: number | undefined;
  readonly classes: readonly string[] | undefined;
  /** Every so many pictures one is looked at. */
  readonly every: number;
  /** Where the annotated film or picture goes. */
  readonly save: string | undefined;
  /** Where the results go, a line for each picture. */
  readonly jsonl: string | undefined;
  /** A folder for the annotated pictures of a film. */
  readonly frames: string | undefined;
  /** Where the features go, of the task `embed`. */
  readonly features: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** @throws UsageError */
export function readInferOptions(args: readonly string[]): InferOptions {
  const { values, positionals } = parsed(args);
  const [input, ...rest] = positionals;
  if (input === undefined || rest.length > 0) {
    throw new UsageError(`Cannot infer: expected one film or picture, found ${positionals.length}`);
  }
  const { model, save, jsonl, frames, features, json = false, quiet = false } = values;
  const options = {
    input,
    task: checked('task', taskSchema.optional(), values.task),
    model,
    threshold: checked('threshold', taskSettingsSchema.shape.threshold, asNumber(values.threshold)),
    classes: checked('classes', taskSettingsSchema.shape.classes, asList(values.classes)),
    every: everyOf(values.every),
    save,
    jsonl,
    frames,
    features,
    json,
    quiet,
  };
  expectOneOnStandardOutput(options);
  return options;
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        task: { type: 'string' },
        model: { type: 'string' },
        threshold: { type: 'string' },
        classes: { type: 'string' },
        every: { type: 'string' },
        save: { type: 'string' },
        jsonl: { type: 'string' },
        frames: { type: 'string' },
        features: { type: 'string' },
        json: { type: 'boolean' },
        quiet: { type: 'boolean' },
      },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

interface Schema<T> {
  safeParse(
    value: unknown,
  ): { success: true; data: T } | { success: false; error: { issues: { message: string }[] } };
}

function checked<T>(name: string, schema: Schema<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const reasons = result.error.issues.map(({ message }) => message).join(', ');
  throw new UsageError(`Cannot use --${name}: ${reasons}`);
}

function asNumber(value: string | undefined): number | undefined {
  return value === undefined ? undefined : Number(value === '' ? Number.NaN : value);
}

function asList(value: string | undefined): string[] | undefined {
  return value?.split(',').map((item) => item.trim());
}

function everyOf(value = '1'): number {
  const every = Number(value);
  if (Number.isSafeInteger(every) && every >= 1) return every;
  throw new UsageError(`Cannot use --every: expected a whole number from 1, found ${value}`);
}

/** Two outputs in one stream would be neither. */
function expectOneOnStandardOutput({ save, jsonl, features, json }: InferOptions): void {
  const named = [save === STANDARD && '--save', jsonl === STANDARD && '--jsonl', json && '--json'].filter(
    Boolean,
  );
  if (named.length > 1) {
    throw new UsageError(`Cannot write to standard output: expected one of it, found ${named.join(' and ')}`);
  }
  if (features === STANDARD) {
    throw new UsageError('Cannot write features: expected a file, since its head comes last, found -');
  }
}

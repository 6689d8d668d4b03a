import { isAtHand } from '../../models/at-hand.ts';
import { catalogue } from '../../models/catalogue.ts';
import type { ModelManifest } from '../../models/manifest.ts';
import { findOwnModels, type RefusedModel } from '../../models/own-models.ts';
import type { ResolveOptions } from '../../models/sources.ts';
import type { CommandContext } from '../command.ts';

/** `here`: without a download. `download`: by `models pull`. `missing`: only by hand. `own`: with its own manifest. */
type Place = 'here' | 'download' | 'missing' | 'own';

interface Row extends Pick<ModelManifest, 'id' | 'task' | 'title' | 'licence'> {
  readonly place: Place;
  /** Where its weights come from, for a person. */
  readonly source: string;
}

/** Where to look, and where to tell it. */
export interface ListRequest {
  readonly options: ResolveOptions;
  readonly json: boolean;
  readonly output: CommandContext['output'];
}

/**
 * `sightline models list`: the catalogue, and the models that have a manifest of their own.
 *
 * @returns the exit status: 1 when one of the latter cannot be used
 */
export async function list({ options, json, output }: ListRequest): Promise<number> {
  const { models, refused } = await findOwnModels(options.directory);
  const listed = await Promise.all(
    catalogue.map(async (manifest) => toRow(manifest, await placeOf(manifest, options))),
  );
  const rows = [...listed, ...models.map(({ manifest }) => toRow(manifest, 'own'))];
  output.write(json ? asJson(rows, refused) : inWords(rows, refused));
  return refused.length === 0 ? 0 : 1;
}

async function placeOf(manifest: ModelManifest, options: ResolveOptions): Promise<Place> {
  if (await isAtHand(manifest, options)) return 'here';
  return manifest.url === undefined ? 'missing' : 'download';
}

function toRow({ id, task, title, licence, source }: ModelManifest, place: Place): Row {
  return { id, task, place, title, licence, source };
}

function asJson(models: readonly Row[], refused: readonly RefusedModel[]): string {
  const reasons = refused.map(({ folder, error: { code, message } }) => ({ folder, code, message }));
  return `${JSON.stringify({ models, refused: reasons }, undefined, 2)}\n`;
}

function inWords(rows: readonly Row[], refused: readonly RefusedModel[]): string {
  const columns = rows.map(({ id, task, place, title, licence }) => [
    id,
    task,
    place,
    `${title} (${licence})`,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...columns.map((row) => row[column]?.length ?? 0)));
  const lines = columns.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  const reasons = refused.map(({ folder, error }) => `✗ ${folder}: ${error.message} [${error.code}]`);
  return `${[...lines, ...reasons].join('\n')}\n`;
}

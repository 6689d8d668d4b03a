// Gets the default model: from the models folder, by download, or by converting the one that came with the packages.
// Usage: node scripts/prepare-model.ts <file for what came of it, as JSON>
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { resolveDefaultDetector, resolveModel } from '../models/resolve.ts';
import { SightlineError } from '../protocol/errors.ts';
import { progressLine } from './progress-line.ts';

const [outcome] = process.argv.slice(2);
const { SIGHTLINE_MODELS_DIR: directory, SIGHTLINE_MODEL: id, SIGHTLINE_CACHE_DIR: cacheDir } = process.env;
const options = {
  ...(directory ? { directory } : {}),
  cacheDir: cacheDir || fileURLToPath(new URL('../.cache/models', import.meta.url)),
  download: true,
  onProgress: progressLine(process.stdout),
};

try {
  const { model, skipped } = id
    ? { model: await resolveModel(id, options), skipped: [] }
    : await resolveDefaultDetector(options);
  for (const { id: name, error } of skipped)
    console.log(`  ${name} could not be had (${error.message}), so the next best is used`);
  console.log(`  ${model.manifest.title} (${model.manifest.licence}), from ${model.origin}`);
  if (outcome !== undefined) {
    const { path, manifest } = model;
    const ids = skipped.map((detector) => detector.id);
    const preparedAt = new Date().toISOString();
    writeFileSync(outcome, JSON.stringify({ path, size: manifest.size, skipped: ids, preparedAt }));
  }
} catch (error) {
  if (!(error instanceof SightlineError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 78;
}

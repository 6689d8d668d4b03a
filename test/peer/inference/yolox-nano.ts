import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findModel } from '../../../models/catalogue.ts';
import type { ResolvedModel } from '../../../models/manifest.ts';

const manifest = findModel('yolox-nano');

/** YOLOX-nano of the catalogue, from the folder that SIGHTLINE_MODELS_DIR names. */
export const yoloxNano: ResolvedModel = {
  origin: 'directory',
  path: join(process.env['SIGHTLINE_MODELS_DIR'] ?? '', manifest.id, manifest.file),
  manifest,
};

/** Where the weights are absent, tests that need them skip, and say so. */
export const hasWeights = existsSync(yoloxNano.path);

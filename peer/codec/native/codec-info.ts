import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { getFFmpegInfo } from 'node-av/lib';
import { z } from 'zod';

const manifestSchema = z.object({ name: z.string(), version: z.string() });

/** `node-av 6.1.1 (FFmpeg 8.1)`. Reads a file: meant for the start. */
export function codecInfo(): string {
  const { name, version } = manifestSchema.parse(JSON.parse(readFileSync(manifestPath(), 'utf8')));
  return `${name} ${version} (FFmpeg ${getFFmpegInfo().version})`;
}

/** The package does not export its manifest; it lies two folders above its entry, `dist/lib/index.js`. */
function manifestPath(): string {
  return join(dirname(createRequire(import.meta.url).resolve('node-av/lib')), '../../package.json');
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach } from 'vitest';

/** An empty folder for each test of the file, deleted at its end. Call where tests are declared; read it in a test. */
export function temporaryFolder(): () => string {
  const made: string[] = [];
  beforeEach(async () => {
    made.push(await mkdtemp(join(tmpdir(), 'sightline-models-')));
  });
  afterAll(() => Promise.all(made.map((path) => rm(path, { recursive: true, force: true }))));
  return () => made.at(-1) ?? '';
}

import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/**
 * A module of this repository as one classic script, for pages that tests make.
 * @param path from the root of the repository
 * @param name the global that its exports are found under
 */
export async function bundle(path: string, name: string): Promise<string> {
  const entry = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    build: { write: false, lib: { entry, formats: ['iife'], name, fileName: 'bundle' } },
  });
  const [output] = [built].flat();
  const [chunk] = output && 'output' in output ? output.output : [];
  if (chunk?.type !== 'chunk') throw new Error(`Expected a script of ${path}`);
  return chunk.code;
}

// Makes docs/gallery.md and its pictures: each a frame of a film that went through a session, as a viewer gets it.
// Usage: node scripts/gallery.ts [--to FOLDER] [NAME…]  (needs the footage folder that the tests use)
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SightlineError } from '../protocol/errors.ts';
import { entries } from './gallery/entries.ts';
import { FootageMissing, openFootage } from './gallery/footage.ts';
import { galleryPage, pictureOf } from './gallery/page.ts';
import { Studio } from './gallery/studio.ts';

const { values, positionals } = parseArgs({ options: { to: { type: 'string' } }, allowPositionals: true });
const folder = values.to ?? fileURLToPath(new URL('../docs', import.meta.url));
const names = entries.map(({ name }) => name);
const wanted = entries.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
if (!positionals.every((name) => names.includes(name))) {
  console.error(`Usage: node scripts/gallery.ts [--to FOLDER] [${names.join('|')}]…`);
  process.exit(64);
}

await mkdir(join(folder, 'pictures/gallery'), { recursive: true });
const leftOut = new Set<string>();
await using studio = await Studio.open(process.env);
for (const entry of wanted) {
  try {
    await using film = await openFootage(entry.film);
    const jpeg = await studio.take(entry, film.path);
    await writeFile(join(folder, pictureOf(entry)), jpeg);
    console.log(`${pictureOf(entry)} ${Math.ceil(jpeg.length / 1000)} kB`);
  } catch (error) {
    if (!(error instanceof FootageMissing || isOfModel(error))) throw error;
    leftOut.add(entry.name);
    console.error(`${entry.name} is left out: ${error.message}`);
  }
}
const shown = entries.filter(
  (entry) => !leftOut.has(entry.name) && existsSync(join(folder, pictureOf(entry))),
);
await writeFile(join(folder, 'gallery.md'), galleryPage(shown));
console.log('gallery.md');

function isOfModel(error: unknown): error is SightlineError {
  return error instanceof SightlineError && error.code === 'model-unavailable';
}

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Page } from 'playwright-core';
import ts from 'typescript';
import type { ReadFrame } from './reader.ts';

/** Of the scripts that are not here. */
const folders: Readonly<Record<string, string>> = {
  'barcode.ts': '..',
  'time-code.ts': '../../../client/compare',
};

/** Lets a call page, once it is loaded, read which frames it shows and what is drawn on them. */
export async function readFrames(page: Page): Promise<void> {
  // The content policy of the page lets it load scripts of its own origin alone.
  await page.route('**/exact-reader/*.ts', async (route) => {
    const name = basename(new URL(route.request().url()).pathname);
    const folder = folders[name] ?? '.';
    const source = await readFile(new URL(`${folder}/${name}`, import.meta.url), 'utf8');
    await route.fulfill({ contentType: 'text/javascript', body: withoutTypes(source) });
  });
  await page.addScriptTag({ type: 'module', url: '/exact-reader/reader.ts' });
  await page.waitForFunction(() => window.__read !== undefined);
}

/** What was read since the last time. */
export function takeFrames(page: Page): Promise<ReadFrame[]> {
  return page.evaluate(() => window.__read?.splice(0) ?? []);
}

function withoutTypes(source: string): string {
  const { ESNext } = ts.ScriptTarget;
  const compilerOptions = { target: ESNext, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
  return ts
    .transpileModule(source, { compilerOptions })
    .outputText.replaceAll('../barcode.ts', './barcode.ts')
    .replaceAll('../../client/compare/', './');
}

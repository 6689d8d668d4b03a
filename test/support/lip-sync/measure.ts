import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import ts from 'typescript';
import type { LipSyncOptions, LipSyncReading } from './probe.ts';

/**
 * Sends a picture that flashes and a sound that beeps at the same instants from a real browser, and times both as they
 * are shown and played there, with all that it does to keep the tracks of one MediaStream together.
 * @param origin a server to open a page of; the one to call, where one is called
 */
export async function measureLipSync(
  browser: Browser,
  origin: string,
  options: LipSyncOptions,
): Promise<LipSyncReading> {
  const page = await browser.newPage({ bypassCSP: true });
  try {
    await page.goto(`${origin}/healthz`);
    const source = await readFile(new URL('probe.ts', import.meta.url), 'utf8');
    const { ESNext } = ts.ScriptTarget;
    const compilerOptions = { target: ESNext, module: ts.ModuleKind.ESNext };
    const content = ts.transpileModule(source, { compilerOptions }).outputText;
    await page.addScriptTag({ type: 'module', content });
    await page.waitForFunction(() => 'measureLipSync' in window);
    return await page.evaluate((given) => window.measureLipSync(given), options);
  } finally {
    await page.close();
  }
}

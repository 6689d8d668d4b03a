import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../protocol/errors.ts';

const page = await readFile(new URL('../../docs/errors.md', import.meta.url), 'utf8');
/** The sections of the page by code. */
const sections = new Map(
  page
    .split(/^### `/m)
    .slice(1)
    .map((section): [string, string] => [section.slice(0, section.indexOf('`')), section]),
);

describe('docs/errors.md', () => {
  it('has one section for each code of errorCodes, and no other', () => {
    expect([...sections.keys()].sort()).toEqual(Object.keys(errorCodes).sort());
    expect(page.match(/^### `/gm)).toHaveLength(sections.size);
  });

  it.each(Object.entries(errorCodes))(
    'says of %s its status, its meaning and what to do',
    (code, { status, title }) => {
      const section = sections.get(code) ?? '';
      expect(section).toContain(title);
      expect(section).toMatch(new RegExp(`^Status: ${status}\\b`, 'm'));
      expect(section).toMatch(/^What to do: \S/m);
    },
  );
});

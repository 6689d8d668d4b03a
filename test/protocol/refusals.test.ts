import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { refusals } from '../../protocol/refusals.ts';

it('docs/refusals.md explains each refusal in its table, and no other', async () => {
  const page = await readFile(new URL('../../docs/refusals.md', import.meta.url), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  const named = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([a-z-]+)`/g)].map(([, name]) => name),
  );
  expect(named.sort()).toEqual([...refusals].sort());
});

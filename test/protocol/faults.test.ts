import { expect, it } from 'vitest';
import { z } from 'zod';
import { faultsIn } from '../../protocol/faults.ts';

const schema = z.strictObject({ tasks: z.array(z.object({ rate: z.number() })).optional() });

function wordsOf(value: unknown): string {
  const { error } = schema.safeParse(value);
  return error ? faultsIn(error, 'body') : '';
}

it('faultsIn() names each field that is wrong, and the whole where none is named', () => {
  expect(wordsOf({ tasks: [{ rate: 'often' }, {}] })).toMatch(
    /^tasks\[0\]\.rate: [^;]+; tasks\[1\]\.rate: [^;]+$/,
  );
  expect(wordsOf('all')).toMatch(/^body: /);
});

it('faultsIn() has a bounded number of words for any number of faults', () => {
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`field${index}`, 1]));
  expect(wordsOf(many)).toContain('field0');
  expect(wordsOf(many).length).toBe(501);
});

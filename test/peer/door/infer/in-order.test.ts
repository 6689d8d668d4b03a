import { describe, expect, it } from 'vitest';
import { inOrder } from '../../../../peer/door/infer/in-order.ts';

/** Work that ends when the test says so. */
class Works {
  readonly begun: number[] = [];
  readonly #ends = new Map<number, PromiseWithResolvers<string>>();

  readonly work = (item: number): Promise<string> => {
    this.begun.push(item);
    const end = Promise.withResolvers<string>();
    this.#ends.set(item, end);
    return end.promise;
  };

  end(item: number): void {
    this.#ends.get(item)?.resolve(`done ${item}`);
  }

  fail(item: number): void {
    this.#ends.get(item)?.reject(new Error(`failed ${item}`));
  }
}

async function* countTo(last: number, returned?: () => void): AsyncGenerator<number> {
  try {
    for (let n = 1; n <= last; n += 1) yield n;
  } finally {
    returned?.();
  }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Until all that is ready to go on has gone on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('inOrder()', () => {
  it('gives results in the order of the items, however they end', async () => {
    const works = new Works();
    const results = inOrder(countTo(3), 3, works.work);
    const first = results.next();
    await settled();
    for (const item of [3, 2, 1]) works.end(item);
    expect((await first).value).toBe('done 1');
    expect(await collect(results)).toEqual(['done 2', 'done 3']);
  });

  it('takes no more items than are worked on', async () => {
    const works = new Works();
    const results = inOrder(countTo(9), 2, works.work);
    const first = results.next();
    await settled();
    expect(works.begun).toEqual([1, 2]);
    works.end(1);
    await first;
    // Nobody asks for the next result yet.
    await settled();
    expect(works.begun).toEqual([1, 2]);
    works.end(2);
    await results.next();
    const third = results.next();
    await settled();
    expect(works.begun).toEqual([1, 2, 3, 4]);
    const ended = results.return(undefined);
    for (const item of works.begun) works.end(item);
    expect((await third).value).toBe('done 3');
    await ended;
  });

  it('gives a result before the next item is there', async () => {
    const works = new Works();
    const never = Promise.withResolvers<void>();
    async function* slow(): AsyncGenerator<number> {
      yield 1;
      await never.promise;
    }
    const results = inOrder(slow(), 2, works.work);
    const first = results.next();
    await settled();
    works.end(1);
    expect((await first).value).toBe('done 1');
    never.resolve();
    expect((await results.next()).done).toBe(true);
  });

  it('gives what came before an item that failed, then its error', async () => {
    const works = new Works();
    async function* failing(): AsyncGenerator<number> {
      yield 1;
      throw new Error('no more');
    }
    const results = inOrder(failing(), 2, works.work);
    const first = results.next();
    await settled();
    works.end(1);
    expect((await first).value).toBe('done 1');
    await expect(results.next()).rejects.toThrow('no more');
  });

  it('ends with work that fails, once all other work has ended, and tells who makes the items', async () => {
    const works = new Works();
    let returned = false;
    const results = inOrder(
      countTo(9, () => {
        returned = true;
      }),
      2,
      works.work,
    );
    let failed = false;
    const first = results.next().catch((error: unknown) => {
      failed = true;
      return error;
    });
    await settled();
    works.fail(1);
    await settled();
    expect(failed).toBe(false);
    works.end(2);
    expect(await first).toMatchObject({ message: 'failed 1' });
    expect(returned).toBe(true);
  });
});

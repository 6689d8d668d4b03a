type Pulled<T> = { readonly next: IteratorResult<T> } | { readonly failure: unknown };

/**
 * Works on several items at once and gives the results in the order of the items, each as soon as it is there. No more
 * items are taken than are worked on, so that whoever makes them is held back; and none while nobody takes results.
 * Where making an item fails, the results of those before it come first.
 *
 * @param width items at once
 * @param work rejects where all is to end, not for a fault of one item
 */
export async function* inOrder<T, R>(
  items: AsyncIterator<T>,
  width: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<{ readonly done: R }>[] = [];
  let pull: Promise<Pulled<T>> | undefined;
  let last: Pulled<T> | undefined;
  try {
    for (;;) {
      if (!last && running.length < width) pull ??= pullFrom(items);
      const events = [running[0], pull].filter((event) => event !== undefined);
      if (events.length === 0) break;
      const event = await Promise.race(events);
      if ('done' in event) {
        void running.shift();
        yield event.done;
        continue;
      }
      pull = undefined;
      if ('failure' in event || event.next.done) last = event;
      else running.push(begin(work, event.next.value));
    }
    if (last && 'failure' in last) throw last.failure;
  } finally {
    // A generator that is asked for an item ends after it has made that one.
    await Promise.allSettled([...running, items.return?.()]);
  }
}

function pullFrom<T>(items: AsyncIterator<T>): Promise<Pulled<T>> {
  return items.next().then(
    (next) => ({ next }),
    (failure: unknown) => ({ failure }),
  );
}

function begin<T, R>(work: (item: T) => Promise<R>, item: T): Promise<{ readonly done: R }> {
  const running = work(item).then((done) => ({ done }));
  // Looked at when its turn comes; until then its rejection is none that nobody handles.
  running.catch(() => {});
  return running;
}

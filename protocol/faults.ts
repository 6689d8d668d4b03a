import { z } from 'zod';

/** Characters that are told of what is wrong: a caller may have any number of fields wrong. */
const MAX_CHARACTERS = 500;

/**
 * What is wrong with something that was sent, each field by its path: `tasks[0].rate: Too big; …`.
 * @param whole names what has no path, such as `body`
 */
export function faultsIn({ issues }: z.ZodError, whole: string): string {
  const words = issues
    .map(({ path, message }) => `${z.core.toDotPath(path) || whole}: ${message}`)
    .join('; ');
  return words.length > MAX_CHARACTERS ? `${words.slice(0, MAX_CHARACTERS)}…` : words;
}

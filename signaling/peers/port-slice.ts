/**
 * The ports of one of several media peers on a machine: an equal part of the range, so that two never look for a free
 * port in the same place. What is not a range, or too short to be shared, is left as it is.
 *
 * @param range such as `40000-40100`
 */
export function portSlice(range: string, index: number, count: number): string {
  const [, first, last] = /^(\d+)-(\d+)$/.exec(range)?.map(Number) ?? [];
  if (first === undefined || last === undefined) return range;
  const size = Math.floor((last - first + 1) / count);
  return size < 1 ? range : `${first + index * size}-${first + (index + 1) * size - 1}`;
}

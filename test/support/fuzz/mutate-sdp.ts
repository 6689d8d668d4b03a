import { below, mutate, pick, type Random } from './mutate.ts';

const VALUES = [
  '',
  '0',
  '-1',
  '65536',
  '4294967296',
  'NaN',
  '*',
  '😀',
  ' ',
  'a'.repeat(300),
  '0 0 0 0 0 0 0 0',
];
const MAX_MUTATIONS = 4;

type LineMutation = (lines: string[], random: Random, corpus: readonly string[]) => string[];

const mutations: readonly LineMutation[] = [
  function drop(lines, random) {
    return lines.toSpliced(below(random, lines.length), 1 + below(random, 3));
  },
  function repeat(lines, random) {
    return lines.toSpliced(below(random, lines.length), 0, pick(random, lines));
  },
  function swap(lines, random) {
    const from = below(random, lines.length);
    return lines.toSpliced(from, 1).toSpliced(below(random, lines.length), 0, lines[from] ?? '');
  },
  function renumber(lines, random) {
    return change(lines, random, (line) => line.replace(/\d+/, () => pick(random, VALUES)));
  },
  function revalue(lines, random) {
    return change(lines, random, (line) =>
      line.replace(/[:=].*$/, (found) => found[0] + pick(random, VALUES)),
    );
  },
  function borrow(lines, random, corpus) {
    return lines.toSpliced(below(random, lines.length), 1, pick(random, pick(random, corpus).split('\r\n')));
  },
  function garble(lines, random) {
    return change(lines, random, (line) => mutate([Buffer.from(line)], random).toString('latin1'));
  },
  function otherSections(lines, random, corpus) {
    const other = pick(random, corpus).split('\r\n');
    return [...lines, ...other.slice(other.findIndex((line) => line.startsWith('m=')))];
  },
];

/** An offer that is wrong in one to four lines. The same numbers give the same offer. */
export function mutateSdp(corpus: readonly string[], random: Random): string {
  let lines = pick(random, corpus).split('\r\n');
  for (let rounds = below(random, MAX_MUTATIONS); rounds >= 0 && lines.length > 0; rounds--) {
    lines = pick(random, mutations)(lines, random, corpus);
  }
  return lines.join('\r\n');
}

function change(lines: string[], random: Random, to: (line: string) => string): string[] {
  const at = below(random, lines.length);
  return lines.with(at, to(lines[at] ?? ''));
}

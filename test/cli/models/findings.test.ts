import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contractFindings } from '../../../cli/models/check/contract-findings.ts';
import { foundFindings } from '../../../cli/models/check/found-findings.ts';
import type { Graph } from '../../../cli/models/check/graph.ts';
import { areProbabilities, scoreRange } from '../../../cli/models/check/score-range.ts';
import { findModel } from '../../../models/catalogue.ts';
import type { Candidate } from '../../../peer/vision/nms.ts';

const manifest = findModel('yolox-nano');
const image = { name: 'images', type: 'float32', shape: [1, 3, 416, 416] };
const output = { name: 'output', type: 'float32', shape: [1, 3549, 85] };
const codesOf = (graph: Graph) => contractFindings(manifest, graph).flatMap(({ code }) => code ?? []);

describe('contractFindings()', () => {
  it.each<[string, Graph, string[]]>([
    ['the file of the manifest', { inputs: [image], outputs: [output] }, []],
    [
      'sides that are open',
      {
        inputs: [{ ...image, shape: ['n', 3, 'h', 'w'] }],
        outputs: [{ ...output, shape: ['n', 'cells', 85] }],
      },
      [],
    ],
    ['no input', { inputs: [], outputs: [output] }, ['input-differs']],
    ['a second input', { inputs: [image, { ...image, name: 'size' }], outputs: [output] }, ['input-differs']],
    [
      'a batch of 4',
      { inputs: [{ ...image, shape: [4, 3, 416, 416] }], outputs: [output] },
      ['input-differs'],
    ],
    ['an input of bytes', { inputs: [{ ...image, type: 'uint8' }], outputs: [output] }, ['type-unsupported']],
    [
      'outputs of half precision',
      { inputs: [image], outputs: [{ ...output, type: 'float16' }] },
      ['type-unsupported'],
    ],
    [
      'everything wrong at once',
      { inputs: [{ name: 'x', type: 'int32', shape: [1, 3, 640, 640] }], outputs: [] },
      ['input-differs', 'input-differs', 'input-differs', 'output-differs'],
    ],
  ])('of %s', (_, graph, codes) => {
    expect(codesOf(graph)).toEqual(codes);
  });

  it('never throws, whatever the shape of the file', () => {
    const value = fc.record({
      name: fc.constantFrom('images', 'output', 'other'),
      type: fc.constantFrom('float32', 'int64', 'no tensor'),
      shape: fc.array(fc.oneof(fc.integer({ min: -1, max: 4000 }), fc.constant('n')), { maxLength: 6 }),
    });
    const graphs = fc.record({ inputs: fc.array(value), outputs: fc.array(value) });
    fc.assert(
      fc.property(graphs, (graph) => {
        const findings = contractFindings(manifest, graph);
        expect(findings.length).toBeGreaterThan(0);
        for (const { status, code, remedy } of findings) {
          if (status !== 'ok') expect([code, remedy]).not.toContain(undefined);
        }
      }),
    );
  });
});

describe('foundFindings()', () => {
  const candidate = (x: number, y: number, side: number): Candidate => ({
    box: { x, y, width: side, height: side },
    classId: 0,
    score: 0.9,
  });
  const codes = (candidates: Candidate[], malformed = 0) =>
    foundFindings(manifest, {
      outputs: [],
      candidates,
      found: { objects: [], malformed },
      milliseconds: 1,
    }).map(({ code }) => code);

  it('knows boxes beyond the picture, and boxes that overflow', () => {
    expect(codes([candidate(2000, 10, 50), candidate(10, 10, 9000), candidate(10, 10, 50)])).toEqual([
      'boxes-outside',
    ]);
    expect(codes([candidate(10, 10, 50)], 3)).toEqual(['boxes-outside']);
  });

  it('knows boxes in fractions where pixels are meant', () => {
    expect(codes([candidate(0.1, 0.2, 0.5)])).toEqual(['boxes-tiny']);
  });

  it('lets a box reach over an edge', () => {
    expect(codes([candidate(-20, -20, 100)])).toEqual(['nothing-found']);
  });
});

describe('scoreRange()', () => {
  const row = [-3, 90, 5, 5, 0.5, 0.25, 0.75];
  const outputs = (data: number[]) => [{ name: 'o', dims: [1, 2, 7], data: Float32Array.from(data) }];

  it('looks at the columns of a row that are scores', () => {
    const range = scoreRange('yolox', outputs([...row, ...row]));
    expect(range).toEqual({ least: 0.25, greatest: 0.75 });
    expect(range && areProbabilities(range)).toBe(true);
  });

  it('knows logits, and heads that read them', () => {
    const logits = outputs([...row, 0, 0, 0, 0, -4, 6, 1]);
    const range = scoreRange('yolox', logits);
    expect(range && areProbabilities(range)).toBe(false);
    expect(scoreRange('palm', logits)).toBeUndefined();
  });
});

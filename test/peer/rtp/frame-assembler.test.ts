import { describe, expect, it } from 'vitest';
import { type Assembled, FrameAssembler } from '../../../peer/rtp/frame-assembler.ts';
import type { Ordered } from '../../../peer/rtp/reorder-buffer.ts';
import { hex, packet } from './packets.ts';

const GAP: Ordered = { type: 'gap', lost: 1, resumesAt: 0 };

/** A packet in order: timestamp, payload in hexadecimal, and `M` for the marker. */
function ordered(timestamp: number, payload: string, marker?: 'M', arrivedAt = 0): Ordered {
  const view = packet(0, { timestamp, payload: hex(payload), marker: marker === 'M' });
  return { type: 'packet', packet: view, arrivedAt };
}

/** In short: frames as `timestamp:bytes`, `!` for key frames, and the reasons of broken ones. */
function brief(assembled: readonly Assembled[]): string[] {
  return assembled.map((item) => {
    if (item.type === 'broken') return item.reason;
    const { timestamp, data, keyframe } = item.unit;
    return `${timestamp}:${Buffer.from(data).toString('hex')}${keyframe ? '!' : ''}`;
  });
}

function assemble(assembler: FrameAssembler, items: readonly Ordered[]): string[] {
  return brief(items.flatMap((item) => assembler.push(item)));
}

describe('FrameAssembler of VP8', () => {
  // 10 00 begins a key frame, 10 01 another one, 00 continues.
  const KEY = ordered(1, '10 00', 'M');

  it.each([
    [
      'packets up to the marker',
      [ordered(1, '10 00 aa'), ordered(1, '00 bb'), ordered(1, '00 cc', 'M')],
      ['1:00aabbcc!'],
    ],
    ['frames of one packet', [KEY, ordered(2, '10 01', 'M')], ['1:00!', '2:01']],
    [
      'frames that end where the next begins',
      [ordered(1, '10 00'), ordered(2, '10 01 aa'), ordered(3, '10 01')],
      ['1:00!', '2:01aa'],
    ],
    [
      'frames of one timestamp that end where the next begins',
      [ordered(1, '10 00'), ordered(1, '10 01 aa'), ordered(1, '00 bb', 'M')],
      ['1:00!', '1:01aabb'],
    ],
    ['a frame around padding', [ordered(1, '10 00'), ordered(1, ''), ordered(1, '00 bb', 'M')], ['1:00bb!']],
  ])('push() makes frames of %s', (_, items, frames) => {
    expect(assemble(new FrameAssembler('VP8'), items)).toEqual(frames);
  });

  it('push() tells when the last packet of a frame arrived, in whatever order', () => {
    const assembler = new FrameAssembler('VP8');
    assembler.push(ordered(1, '10 00', undefined, 30));
    const [frame] = assembler.push(ordered(1, '00 aa', 'M', 20));
    expect(frame).toMatchObject({ type: 'frame', unit: { arrivedAt: 30 } });
  });

  it('push() hands nothing out before the first key frame', () => {
    const assembler = new FrameAssembler('VP8');
    expect(assemble(assembler, [ordered(1, '10 01', 'M'), ordered(2, '10 01', 'M')])).toEqual([
      'keyframe-missing',
      'keyframe-missing',
    ]);
    expect(assembler.needsKeyframe).toBe(true);
    expect(assemble(assembler, [ordered(3, '10 00', 'M')])).toEqual(['3:00!']);
    expect(assembler.needsKeyframe).toBe(false);
    expect(assembler.stats()).toMatchObject({ whole: 1, keyframes: 1, broken: 0, unreferenced: 2 });
  });

  it.each([
    ['in a frame', [ordered(2, '10 01'), GAP, ordered(2, '00 bb', 'M')], ['gap']],
    ['between two frames', [GAP, ordered(2, '10 01', 'M')], ['gap', 'keyframe-missing']],
    [
      'at the end of a frame',
      [ordered(2, '10 01'), GAP, ordered(3, '10 01', 'M')],
      ['gap', 'keyframe-missing'],
    ],
    [
      'at the start of a frame',
      [GAP, ordered(2, '00 bb'), ordered(2, '00 cc', 'M')],
      ['gap', 'start-missing'],
    ],
    ['where the sender began anew', [{ type: 'reset' } as const], ['gap']],
  ])('push() drops everything after a gap %s until the next key frame', (_, items, broken) => {
    const assembler = new FrameAssembler('VP8');
    assemble(assembler, [KEY]);
    expect(assemble(assembler, items)).toEqual(broken);
    expect(assembler.needsKeyframe).toBe(true);
    expect(
      assemble(assembler, [ordered(8, '10 01', 'M'), ordered(9, '10 00', 'M'), ordered(10, '10 01', 'M')]),
    ).toEqual(['keyframe-missing', '9:00!', '10:01']);
  });

  it('push() lets a key frame that begins right behind a gap through', () => {
    const assembler = new FrameAssembler('VP8');
    expect(assemble(assembler, [GAP, ordered(2, '10 00'), ordered(2, '00 bb', 'M')])).toEqual([
      'gap',
      '2:00bb!',
    ]);
  });

  it('push() says once that a frame joined in the middle is broken', () => {
    const items = [
      ordered(1, '00 aa'),
      ordered(1, '00 bb'),
      ordered(1, '00 cc', 'M'),
      ordered(2, '10 00', 'M'),
    ];
    expect(assemble(new FrameAssembler('VP8'), items)).toEqual(['start-missing', '2:00!']);
  });

  it('push() counts a malformed payload, and its frame is broken', () => {
    const assembler = new FrameAssembler('VP8');
    const items = [
      ordered(2, '10 01'),
      ordered(2, '90 80'),
      ordered(2, '00 bb', 'M'),
      ordered(3, '10 01', 'M'),
    ];
    expect(assemble(assembler, [KEY, ...items])).toEqual(['1:00!', 'malformed', 'keyframe-missing']);
    expect(assembler.stats()).toMatchObject({ malformedPackets: 1, broken: 1, unreferenced: 1 });
  });

  it('push() says again that a frame is broken where a whole one of its timestamp came between', () => {
    const items = [ordered(2, '90 80'), ordered(2, '10 00', 'M'), ordered(2, '90 80')];
    expect(assemble(new FrameAssembler('VP8'), items)).toEqual(['malformed', '2:00!', 'malformed']);
  });

  it('push() breaks a frame that grows beyond the bound', () => {
    const assembler = new FrameAssembler('VP8', { maxFrameBytes: 4000 });
    const items = [
      ordered(1, `10 00 ${'aa'.repeat(1000)}`),
      ...Array(4).fill(ordered(1, `00 ${'bb'.repeat(1000)}`)),
    ];
    expect(assemble(assembler, items)).toEqual(['too-large']);
    expect(assemble(assembler, [ordered(2, '10 00', 'M')])).toEqual(['2:00!']);
  });

  it('push() breaks a frame of endlessly many tiny packets', () => {
    const assembler = new FrameAssembler('VP8', { maxFrameBytes: 4000 });
    expect(assemble(assembler, [ordered(1, '10 00'), ...Array(100).fill(ordered(1, '00 bb'))])).toEqual([
      'too-large',
    ]);
  });

  it('requireKeyframe() drops everything until the next key frame', () => {
    const assembler = new FrameAssembler('VP8');
    assemble(assembler, [KEY]);
    assembler.requireKeyframe();
    expect(assemble(assembler, [ordered(2, '10 01', 'M'), ordered(3, '10 00', 'M')])).toEqual([
      'keyframe-missing',
      '3:00!',
    ]);
  });

  it('receivingKeyframe tells that a key frame is on its way', () => {
    const assembler = new FrameAssembler('VP8');
    assembler.push(ordered(1, '10 00'));
    expect(assembler.receivingKeyframe).toBe(true);
    assembler.push(ordered(1, '00 aa', 'M'));
    expect(assembler.receivingKeyframe).toBe(false);
  });
});

describe('FrameAssembler of H.264', () => {
  const SPS = '67 42';
  const PPS = '68 ce';
  const IDR = '65 88';
  const KEY_BYTES = '000000016742' + '0000000168ce' + '000000016588';
  const KEY = [ordered(1, SPS), ordered(1, PPS), ordered(1, IDR, 'M')];

  it.each([
    ['single units', KEY],
    ['a STAP-A and a unit', [ordered(1, '78 0002 6742 0002 68ce'), ordered(1, IDR, 'M')]],
    ['a unit in FU-As', [ordered(1, SPS), ordered(1, PPS), ordered(1, '7c 85'), ordered(1, '7c 45 88', 'M')]],
  ])('push() makes one key frame of parameter sets and a picture in %s', (_, items) => {
    expect(assemble(new FrameAssembler('H264'), items)).toEqual([`1:${KEY_BYTES}!`]);
  });

  it.each([
    ['with a marker', 'M' as const],
    ['without a marker', undefined],
  ])('push() puts parameter sets of an earlier timestamp %s before the next frame', (_, marker) => {
    const items = [ordered(0, SPS), ordered(0, PPS, marker), ordered(1, IDR, 'M')];
    expect(assemble(new FrameAssembler('H264'), items)).toEqual([`1:${KEY_BYTES}!`]);
  });

  it('push() ends a frame without a marker at the next timestamp', () => {
    const items = [
      ordered(1, SPS),
      ordered(1, PPS),
      ordered(1, IDR),
      ordered(2, '41 01'),
      ordered(2, '41 02'),
    ];
    const frames = [`1:${KEY_BYTES}!`, '2:000000014101000000014102'];
    expect(assemble(new FrameAssembler('H264'), [...items, ordered(3, '41 03')])).toEqual(frames);
  });

  it('push() begins a new frame at parameter sets behind a picture', () => {
    const items = [...KEY.slice(0, 2), ordered(1, IDR), ...KEY];
    expect(assemble(new FrameAssembler('H264'), items)).toEqual([`1:${KEY_BYTES}!`, `1:${KEY_BYTES}!`]);
  });

  it.each([
    [
      'is lost with its end and the start of the next',
      [ordered(2, '41 01'), GAP, ordered(3, IDR, 'M')],
      ['gap', 'start-missing'],
    ],
    ['may have lost its start', [GAP, ordered(2, IDR), ordered(2, IDR, 'M')], ['gap', 'start-missing']],
    ['lost its middle', [ordered(2, '7c 81 01'), GAP, ordered(2, '7c 41 02', 'M')], ['gap']],
    ['ends within a unit', [ordered(2, '7c 81 01', 'M')], ['malformed']],
    [
      'ends within a unit at the next timestamp',
      [ordered(2, '7c 81 01'), ordered(3, '41 01', 'M')],
      ['malformed', 'keyframe-missing'],
    ],
    ['begins within a unit', [ordered(2, '7c 01 01', 'M')], ['start-missing']],
    [
      'has a unit within a unit',
      [ordered(2, '7c 81 01'), ordered(2, '41 01'), ordered(2, '7c 41 02', 'M')],
      ['malformed'],
    ],
    ['changes its unit within it', [ordered(2, '7c 81 01'), ordered(2, '7c 45 02', 'M')], ['malformed']],
    ['has a unit that nothing began', [ordered(2, '41 01'), ordered(2, '7c 41 02', 'M')], ['malformed']],
  ])('push() hands nothing out of a frame that %s', (_, items, broken) => {
    const assembler = new FrameAssembler('H264');
    assemble(assembler, KEY);
    expect(assemble(assembler, items)).toEqual(broken);
    expect(assemble(assembler, [ordered(8, '41 01', 'M'), ...KEY])).toEqual([
      'keyframe-missing',
      `1:${KEY_BYTES}!`,
    ]);
  });

  it('push() lets a key frame whose parameter sets come right behind a gap through', () => {
    expect(assemble(new FrameAssembler('H264'), [GAP, ...KEY])).toEqual(['gap', `1:${KEY_BYTES}!`]);
  });

  it('push() takes a key frame without parameter sets where nothing was lost', () => {
    const assembler = new FrameAssembler('H264');
    assemble(assembler, KEY);
    expect(assemble(assembler, [ordered(2, IDR, 'M')])).toEqual(['2:000000016588!']);
  });
});

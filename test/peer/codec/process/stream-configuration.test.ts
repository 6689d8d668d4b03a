import { describe, expect, it } from 'vitest';
import { configurationOf, isParametersAlone } from '../../../../peer/codec/process/stream-configuration.ts';
import { splitAnnexB } from '../../../../peer/rtp/nal-unit.ts';
import { encodeSequence } from '../sequences.ts';

describe.each(['VP8', 'H264', 'VP9', 'AV1'] as const)('%s', (codec) => {
  const unitsOf = (width: number, height: number) => encodeSequence({ codec, width, height }, 3);

  it('configurationOf() is the same for two key frames of a size, and another for another size', async () => {
    const [first] = await unitsOf(320, 240);
    const [again] = await unitsOf(320, 240);
    const [other] = await unitsOf(320, 256);
    const [turned] = await unitsOf(240, 320);
    const of = (unit: typeof first) => configurationOf(codec, unit?.data ?? new Uint8Array());
    expect(of(first)).toBeDefined();
    expect(of(again)).toEqual(of(first));
    expect(of(other)).not.toEqual(of(first));
    expect(of(turned)).not.toEqual(of(first));
  });

  it('configurationOf() finds none in a frame that no decoder can begin with', async () => {
    const [, ...deltas] = await unitsOf(320, 240);
    for (const { data } of deltas) expect(configurationOf(codec, data)).toBeUndefined();
    expect(configurationOf(codec, new Uint8Array())).toBeUndefined();
  });

  it('isParametersAlone() is false for pictures and for noise', async () => {
    for (const { data } of await unitsOf(320, 240)) expect(isParametersAlone(codec, data)).toBe(false);
    expect(isParametersAlone(codec, Uint8Array.of(9, 8, 7, 6, 5))).toBe(false);
  });
});

it('isParametersAlone() is true for the parameter sets of H.264 by themselves', async () => {
  const [key] = await encodeSequence({ codec: 'H264', width: 64, height: 48 }, 1);
  const [sps = [], pps = []] = splitAnnexB(key?.data ?? new Uint8Array()) ?? [];
  expect(isParametersAlone('H264', Uint8Array.of(0, 0, 0, 1, ...sps, 0, 0, 0, 1, ...pps))).toBe(true);
});

import { describe, expect, it } from 'vitest';
import {
  bitrate,
  format,
  limitation,
  milliseconds,
  perSecond,
  serverCodec,
} from '../../../client/page/figure-words.ts';
import { Rate } from '../../../client/page/rate.ts';
import { sparkline } from '../../../client/page/sparkline.ts';
import { StepAverages } from '../../../client/page/step-averages.ts';

describe('figures in words', () => {
  it.each([
    [null, '–'],
    [0.42, '0.4'],
    [9.94, '9.9'],
    [9.96, '10'],
    [31.4, '31'],
  ])('milliseconds(%s) is %s', (value, text) => {
    expect(milliseconds(value)).toBe(text);
  });

  it.each([
    [0, '–'],
    [Number.NaN, '–'],
    [4.25, '4.3'],
    [29.6, '30'],
  ])('perSecond(%s) is %s', (value, text) => {
    expect(perSecond(value)).toBe(text);
  });

  it.each([
    [0, '–'],
    [840.4, '840 kbit/s'],
    [1_524, '1.52 Mbit/s'],
  ])('bitrate(%s) is %s', (value, text) => {
    expect(bitrate(value)).toBe(text);
  });

  it.each([
    ['node-av 6.1.1 (FFmpeg 8.1)', 'node-av 6.1.1'],
    ['ffmpeg process 5.1.9-0+deb12u1 (/usr/bin/ffmpeg)', 'ffmpeg process 5.1.9-0+deb12u1, slower'],
    [undefined, '–'],
  ])('serverCodec(%s) is %s', (info, text) => {
    expect(serverCodec(info)).toBe(text);
  });

  it.each([
    [{ codec: 'H264', width: 640, height: 480 }, 'H264 640 × 480'],
    [{ codec: 'VP8', width: 0, height: 0 }, 'VP8'],
    [{ codec: null, width: 0, height: 0 }, '–'],
  ])('format(%o) is %s', (direction, text) => {
    expect(format({ fps: 0, kbitPerSecond: 0, ...direction })).toBe(text);
  });

  it.each([
    [null, '–'],
    ['none', 'Nothing'],
    ['cpu', 'This device'],
    ['bandwidth', 'The network'],
    ['other', 'Other'],
  ])('limitation(%s) is %s', (qualityLimitation, text) => {
    expect(limitation({ qualityLimitation })).toBe(text);
  });
});

describe('Rate', () => {
  it('perSecond() is the mean over the window, and nothing when events stop', () => {
    const rate = new Rate(2_000);
    for (let at = 0; at <= 4_000; at += 100) rate.hit(at);
    expect(rate.perSecond(4_000)).toBeCloseTo(10);
    expect(rate.perSecond(9_000)).toBe(0);
  });

  it('perSecond() falls while events fail to come', () => {
    const rate = new Rate(2_000);
    for (let at = 0; at <= 1_000; at += 100) rate.hit(at);
    expect(rate.perSecond(2_000)).toBeCloseTo(5);
  });

  it('perSecond() of one event is unknown', () => {
    const rate = new Rate(2_000);
    rate.hit(0);
    expect(rate.perSecond(1)).toBe(0);
  });
});

describe('StepAverages', () => {
  it('mean() starts at the first value and moves towards the newer ones', () => {
    const averages = new StepAverages(3);
    averages.push({ infer: 20, total: 30 });
    expect(averages.mean('infer')).toBe(20);
    for (let index = 0; index < 50; index += 1) averages.push({ infer: 40, total: 50 });
    expect(averages.mean('infer')).toBeCloseTo(40, 1);
  });

  it('mean() is null for a step that no frame went through', () => {
    const averages = new StepAverages(3);
    averages.push({ total: 30 });
    expect(averages.mean('encode')).toBeNull();
  });

  it('totals keep the newest, oldest first', () => {
    const averages = new StepAverages(3);
    for (const total of [1, 2, 3, 4]) averages.push({ total });
    expect(averages.totals).toEqual([2, 3, 4]);
  });
});

describe('sparkline()', () => {
  const box = { width: 100, height: 50, slots: 5 };

  it('puts the newest value at the right edge and 0 at the bottom', () => {
    expect(sparkline([0, 10, 20], box, 20)).toBe('50.0,50.0 75.0,25.0 100.0,0.0');
  });

  it('does not blow small values up to the full height', () => {
    expect(sparkline([5], box, 50)).toBe('100.0,45.0');
  });

  it('draws the newest values where there are more than fit', () => {
    expect(sparkline([9, 9, 0, 0, 0, 0, 0], box, 10).split(' ')).toHaveLength(5);
  });

  it('is empty without values', () => {
    expect(sparkline([], box, 10)).toBe('');
  });
});

import { describe, expect, it } from 'vitest';
import { ComplaintLog } from '../../../../peer/codec/process/complaint-log.ts';

describe('ComplaintLog', () => {
  it('read() hears an error however it is cut, and no warning', () => {
    const log = new ComplaintLog();
    expect(log.read('[vp8 @ 0x1] [warning] Discarding interframe without a prior keyframe!\n')).toBe(false);
    expect(log.read('[vp8 @ 0x1] [err')).toBe(false);
    expect(log.read('or] Header size larger than data provided\n')).toBe(true);
    expect(log.last).toBe('Header size larger than data provided');
  });

  it('keeps the last lines, and of each the beginning', () => {
    const log = new ComplaintLog();
    for (let n = 0; n < 1000; n += 1) log.read(`[error] complaint ${n} ${'x'.repeat(10_000)}\n`);
    expect(log.text.length).toBeLessThan(4000);
    expect(log.text).toContain('complaint 999');
    expect(log.text).not.toContain('complaint 900');
  });

  it('keeps nothing of a line without end', () => {
    const log = new ComplaintLog();
    for (let n = 0; n < 1000; n += 1) log.read('x'.repeat(10_000));
    log.read('\n[error] at last\n');
    expect(log.last).toBe('at last');
  });

  it('description is that of the output, and empty where there is none', async () => {
    const log = new ComplaintLog();
    log.read("[info] Input #0, ivf, from 'pipe:0':\n[info]   Stream #0:0: Video: vp8, yuv420p, 64x48\n");
    log.read(
      "[info] Output #0, nut, to 'pipe:1':\n[info]   Stream #0:0: Video: rawvideo (I420), yuv420p(tv)\n",
    );
    expect(await log.description).toMatch(/Video: rawvideo/);
    const silent = new ComplaintLog();
    silent.end();
    expect(await silent.description).toBe('');
  });
});

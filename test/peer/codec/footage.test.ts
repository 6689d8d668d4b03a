import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { liveNatives } from '../../../peer/codec/native/natives.ts';
import { footagePath, readFootage } from '../../support/footage.ts';
import { writeY4m } from '../../support/y4m.ts';

const film = footagePath('asl_milk.mkv') ?? '';

describe.skipIf(film === '')(
  'footage (needs asl_milk.mkv in SIGHTLINE_FOOTAGE_DIR or ../shared/footage)',
  () => {
    it('readFootage() gives every picture at the size asked for', async () => {
      const timestamps: number[] = [];
      for await (using frame of readFootage(film, { width: 320, height: 240 })) {
        expect([frame.width, frame.height]).toEqual([320, 240]);
        timestamps.push(frame.timestamp);
      }
      expect(timestamps.length).toBeGreaterThan(30);
      expect(timestamps.slice(0, 3)).toEqual([0, 3000, 6000]);
      expect(liveNatives()).toBe(0);
    });

    it('writeY4m() writes a header and whole frames', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'y4m-'));
      const path = join(folder, 'camera.y4m');
      const frames = await writeY4m(film, path, { width: 64, height: 48, fps: 30, maxFrames: 5 });
      const bytes = await readFile(path);
      await rm(folder, { recursive: true });
      const header = bytes.indexOf('\n') + 1;
      expect(bytes.toString('latin1', 0, header)).toBe('YUV4MPEG2 W64 H48 F30:1 Ip A1:1 C420jpeg\n');
      expect([frames, bytes.length - header]).toEqual([5, 5 * (6 + (64 * 48 * 3) / 2)]);
      expect(liveNatives()).toBe(0);
    });
  },
);

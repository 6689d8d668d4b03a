import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { Codecs } from '../../../../peer/codec/codecs.ts';
import { eventually } from '../../../support/eventually.ts';
import { paintSynthetic } from '../../../support/pictures.ts';
import { expectNothingLeft, processCodecs } from '../implementations.ts';
import { encodeSequence } from '../sequences.ts';

/** Processes of ffmpeg that a process has started; Linux tells by its /proc. */
function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && statusOf(pid).includes(`\nPPid:\t${parent}\n`))
    .filter((pid) => /^Name:\tffmpeg/.test(statusOf(pid)) && !/^State:\tZ/m.test(statusOf(pid)));
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

function isRunning(pid: number): boolean {
  return statusOf(pid) !== '' && !/^State:\tZ/m.test(statusOf(pid));
}

const canLook = process.platform === 'linux' && processCodecs !== undefined;

describe.skipIf(!canLook)(
  'the processes of ProcessDecoder and ProcessEncoder (needs Linux and ffmpeg)',
  () => {
    const codecs = processCodecs as Codecs;
    const size = { width: 320, height: 240 };

    afterEach(() => expectNothingLeft(codecs));

    it('are one for each, and end with close()', async () => {
      const [key] = await encodeSequence({ codec: 'VP8', ...size }, 1);
      const decoder = await codecs.openDecoder('VP8');
      const encoder = await codecs.openEncoder({ codec: 'VP8', ...size, bitrate: 300_000 });
      expect(childrenOf(process.pid)).toEqual([]);
      using frame = key && (await decoder.decode(key));
      if (frame) await encoder.encode(frame, { keyframe: false });
      const children = childrenOf(process.pid);
      expect(children.length).toBe(2);
      decoder.close();
      encoder.close();
      await eventually(
        async () => children.filter(isRunning),
        ({ length }) => length === 0,
        { intervalMs: 5 },
      );
    });

    it('are one at a time where the size changes again and again', async () => {
      const small = await encodeSequence({ codec: 'VP8', ...size }, 1);
      const large = await encodeSequence({ codec: 'VP8', width: 640, height: 480 }, 1);
      using decoder = await codecs.openDecoder('VP8');
      for (const unit of [...small, ...large, ...small, ...large]) (await decoder.decode(unit))?.close();
      await eventually(
        async () => childrenOf(process.pid),
        ({ length }) => length === 1,
        { intervalMs: 5 },
      );
    });

    it('a decoder whose process dies rejects until the next key frame, and then goes on', async () => {
      const [key, ...deltas] = await encodeSequence({ codec: 'H264', ...size }, 4);
      if (!key) throw new Error('No units');
      using decoder = await codecs.openDecoder('H264');
      (await decoder.decode(key))?.close();
      const [child = 0] = childrenOf(process.pid);
      process.kill(child, 'SIGKILL');
      await eventually(
        async () => isRunning(child),
        (runs) => !runs,
        { intervalMs: 5 },
      );
      for (const delta of deltas)
        await expect(decoder.decode(delta)).rejects.toMatchObject({ code: 'codec-failed' });
      using frame = await decoder.decode(key);
      expect(frame).toMatchObject({ ...size, timestamp: key.timestamp });
    });

    it('a decoder whose process is stopped for good rejects in the end, and closes at once', async () => {
      const units = await encodeSequence({ codec: 'VP8', ...size }, 3);
      const decoder = await codecs.openDecoder('VP8');
      const [key, delta] = units;
      if (!key || !delta) throw new Error('No units');
      (await decoder.decode(key))?.close();
      const [child = 0] = childrenOf(process.pid);
      process.kill(child, 'SIGSTOP');
      expect(await decoder.decode(delta)).toBeUndefined();
      const pending = decoder.decode(delta);
      decoder.close();
      expect(await pending).toBeUndefined();
    });

    it('an encoder whose process dies rejects, and begins again with a key frame', async () => {
      using encoder = await codecs.openEncoder({ codec: 'H264', ...size, bitrate: 300_000 });
      using frame = codecs.allocateFrame(size.width, size.height, 0);
      paintSynthetic(frame.picture, 0);
      expect((await encoder.encode(frame, { keyframe: false }))?.keyframe).toBe(true);
      expect((await encoder.encode(frame, { keyframe: false }))?.keyframe).toBe(false);
      const [child = 0] = childrenOf(process.pid);
      process.kill(child, 'SIGSTOP');
      const pending = encoder.encode(frame, { keyframe: false });
      process.kill(child, 'SIGKILL');
      await expect(pending).rejects.toMatchObject({ code: 'codec-failed', cause: expect.any(Error) });
      expect((await encoder.encode(frame, { keyframe: false }))?.keyframe).toBe(true);
    });

    it('end with a media peer that is killed', async () => {
      const program = fileURLToPath(new URL('../../../support/decode-forever.ts', import.meta.url));
      const parent = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(createInterface({ input: parent.stdout }), 'line');
      const children = childrenOf(parent.pid ?? 0);
      expect(children.length).toBe(1);
      parent.kill('SIGKILL');
      await once(parent, 'exit');
      await eventually(
        async () => children.filter(isRunning),
        ({ length }) => length === 0,
        { intervalMs: 20 },
      );
    });
  },
);

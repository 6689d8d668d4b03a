import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadCodecs } from '../../../peer/codec/load-codecs.ts';
import { createLogger } from '../../../peer/log.ts';
import { processCodecs } from './implementations.ts';

const log = createLogger('silent', 'test');
const ffmpegPath = process.env['FFMPEG_PATH'];
const support = (name: string) => fileURLToPath(new URL(`../../support/${name}`, import.meta.url));

/** Loads codecs in a process in which nothing of node-av can be imported. */
async function withoutNodeAv(preference: string) {
  const args = ['--import', support('without-node-av.ts'), support('print-codecs.ts'), preference];
  return promisify(execFile)(process.execPath, args);
}

describe('loadCodecs()', () => {
  it.each(['auto', 'node-av'] as const)('takes node-av with %s where it loads', async (preference) => {
    expect((await loadCodecs({ preference, ffmpegPath }, log)).info).toMatch(/^node-av /);
  });

  it.skipIf(!processCodecs)('takes the process where it is wanted (needs ffmpeg)', async () => {
    expect((await loadCodecs({ preference: 'ffmpeg', ffmpegPath }, log)).info).toMatch(/^ffmpeg process /);
  });

  it.skipIf(!processCodecs)(
    'takes the process where node-av does not load, and says why (needs ffmpeg)',
    async () => {
      const { stdout, stderr } = await withoutNodeAv('auto');
      expect(stdout).toMatch(/^ffmpeg process /);
      expect(stderr).toMatch(/node-av does not load.*slower/);
      expect(stderr).toMatch(/no binary for this platform/);
    },
  );

  it('throws where node-av alone is wanted and does not load', async () => {
    await expect(withoutNodeAv('node-av')).rejects.toMatchObject({
      stderr: expect.stringMatching(/Cannot load the codec: expected node-av/),
    });
  });

  it('throws where the program that is named does not run, and looks for no other', async () => {
    await expect(
      loadCodecs({ preference: 'ffmpeg', ffmpegPath: '/nowhere/ffmpeg' }, log),
    ).rejects.toMatchObject({
      code: 'codec-failed',
      message: expect.stringContaining('/nowhere/ffmpeg'),
    });
  });

  it('openEncoder() and openDecoder() reject what the program has no codec for', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ffmpeg-'));
    const path = join(folder, 'ffmpeg');
    await writeFile(path, '#!/bin/sh\necho "ffmpeg version 6.0-bare Copyright"\necho " V....D vp8  VP8"\n');
    await chmod(path, 0o755);
    const codecs = await loadCodecs({ preference: 'ffmpeg', ffmpegPath: path }, log);
    await rm(folder, { recursive: true });
    expect(codecs.info).toBe(`ffmpeg process 6.0-bare (${path})`);
    await codecs.openDecoder('VP8');
    await expect(codecs.openDecoder('AV1')).rejects.toMatchObject({ code: 'codec-failed' });
    const h264 = { codec: 'H264', width: 64, height: 48, bitrate: 100_000 } as const;
    await expect(codecs.openEncoder(h264)).rejects.toMatchObject({ code: 'codec-failed' });
  });
});

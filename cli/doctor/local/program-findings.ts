import { statSync } from 'node:fs';
import { z } from 'zod';
import type { CodecChoice } from '../../../peer/codec/load-codecs.ts';
import { type Findings, failed, ok, reasonOf, warning } from '../finding.ts';
import { runProbe } from '../native/run-probe.ts';

/** What package.json pins; older ones miss things that the programs use. */
const OLDEST_NODE = 24;

const codecSchema = z.object({ codec: z.string() });

export async function* nodeFindings(version = process.versions.node): Findings {
  if (Number.parseInt(version, 10) >= OLDEST_NODE) yield ok('node', `Node ${version}`);
  else yield failed('node', 'node-too-old', `Node ${version} runs this, and Node ${OLDEST_NODE} is needed`);
}

/** Loads the codec that is chosen and encodes with it. */
export async function* codecFindings({ preference, ffmpegPath }: CodecChoice): Findings {
  try {
    const args = [preference, ...(ffmpegPath === undefined ? [] : [ffmpegPath])];
    const { codec } = codecSchema.parse(await runProbe('codec-probe', args));
    if (preference === 'auto' && codec.startsWith('ffmpeg'))
      yield warning(
        'codec',
        'codec-slow',
        `node-av does not load here, and ${codec} stands in, which is slower`,
      );
    else yield ok('codec', `${codec} loads and encodes`);
  } catch (error) {
    yield failed('codec', 'codec-unusable', `The codec library cannot be used: ${reasonOf(error)}`);
  }
}

/** A clock that stands before the day of these files is wrong. */
export async function* clockFindings(nowMs = Date.now()): Findings {
  const { mtimeMs } = statSync(new URL('../../../package.json', import.meta.url));
  const now = new Date(nowMs).toISOString();
  if (nowMs >= mtimeMs) yield ok('clock', `The clock says ${now}`);
  else {
    const then = new Date(mtimeMs).toISOString();
    yield failed('clock', 'clock-behind', `The clock says ${now}, before these files were written (${then})`);
  }
}

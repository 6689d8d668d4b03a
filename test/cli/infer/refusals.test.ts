import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../cli/command.ts';
import { statusOf } from '../../../cli/infer/exit-status.ts';
import { InferRun } from '../../../cli/infer/infer-run.ts';
import { readInferOptions } from '../../../cli/infer/options.ts';
import { readSettings } from '../../../cli/infer/settings.ts';
import { nativeCodecs } from '../../../peer/codec/native/codecs.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import { temporaryFolder } from '../../models/temporary-folder.ts';
import { writeColourFilm } from '../../support/colour-film.ts';
import { classifier } from '../models/classifier.ts';
import { classifierManifest, writeModel } from '../models/own-folder.ts';

const folder = temporaryFolder();

async function runHere(args: readonly string[]): Promise<unknown> {
  await writeModel(join(folder(), 'models', 'main-colour'), {
    'colour.onnx': classifier('softmax'),
    'manifest.json': classifierManifest,
  });
  await writeColourFilm({ target: join(folder(), 'in.mp4'), frames: 1 });
  const inFolder = args.map((arg) => (/^\w+\/|\.\w{3,}$|^\.$/.test(arg) ? join(folder(), arg) : arg));
  const environment = {
    SIGHTLINE_MODELS_DIR: join(folder(), 'models'),
    SIGHTLINE_CACHE_DIR: join(folder(), 'cache'),
    SIGHTLINE_INFERENCE_WORKERS: '1',
    SIGHTLINE_LOG_LEVEL: 'silent',
  };
  const options = readInferOptions(['--model', 'main-colour', '--quiet', ...inFolder]);
  return new InferRun(options).run(readSettings(environment)).finally(() => {
    expect(nativeCodecs.live).toBe(0);
  });
}

describe('sightline infer refuses', () => {
  it.each<[ErrorCode, number, string[]]>([
    ['source-unreadable', 66, ['nothing.mp4']],
    ['source-unreadable', 66, ['.']],
    ['model-unknown', 69, ['in.mp4', '--model', 'nobody']],
    ['output-failed', 74, ['in.mp4', '--jsonl', 'no/out.jsonl']],
    ['output-failed', 74, ['in.mp4', '--save', 'no/out.mp4']],
  ])('with %s, which ends it with %i', async (code, status, args) => {
    await expect(runHere(args)).rejects.toMatchObject({ code });
    expect(statusOf(code)).toBe(status);
  });

  it.each([
    ['labels that the model does not have', ['in.mp4', '--classes', 'mauve']],
    ['a film saved as a picture', ['in.mp4', '--save', 'out.jpg']],
    ['an output over the input', ['in.mp4', '--save', 'in.mp4']],
    ['features of a classifier', ['in.mp4', '--features', 'out.npy']],
    ['a model of another task', ['in.mp4', '--task', 'faces']],
  ])('%s', async (_, args) => {
    await expect(runHere(args)).rejects.toThrow(UsageError);
  });
});

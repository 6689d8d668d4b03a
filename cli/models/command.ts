import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { ResolveOptions } from '../../models/sources.ts';
import { SightlineError } from '../../protocol/errors.ts';
import { type Command, type CommandContext, UsageError } from '../command.ts';
import { check } from './check.ts';
import { list } from './list.ts';
import { pull } from './pull.ts';

/** `sightline models`: the models that there are, their weights, and whether one of your own is in order. */
export const models: Command = {
  usage: 'models list [--json] | models pull ID | models check [--image PICTURE] [--json] FILE',
  summary: 'lists the models, gets the weights of one, or says what is wrong with one of your own',
  run,
};

async function run(args: readonly string[], { environment, output }: CommandContext): Promise<number> {
  const [action = '', argument] = parsed(args).positionals;
  const { json = false, image } = parsed(args).values;
  const options = resolveOptions(environment);
  expectArguments(args);
  try {
    if (action === 'list') return await list({ options, json, output });
    if (action === 'pull') return await pull(argument ?? '', { options, output });
    const ffmpegPath = environment['FFMPEG_PATH'] || undefined;
    const coloured = output.isTTY === true && !environment['NO_COLOR'];
    return await check(argument ?? '', { picture: image, ffmpegPath, json, coloured, output });
  } catch (error) {
    if (!(error instanceof SightlineError)) throw error;
    process.stderr.write(`${error.code}: ${error.message}\n`);
    return 1;
  }
}

/** The options that each action takes. */
const optionsOf: Readonly<Record<string, readonly string[]>> = {
  list: ['json'],
  pull: [],
  check: ['json', 'image'],
};

/** @throws UsageError */
function expectArguments(args: readonly string[]): void {
  const { values, positionals } = parsed(args);
  const [action, ...rest] = positionals;
  const takes = optionsOf[action ?? ''];
  if (takes === undefined)
    throw new UsageError(`Cannot do that: expected list, pull or check, found ${action ?? 'nothing'}`);
  const wanted = action === 'list' ? 0 : 1;
  if (rest.length !== wanted) {
    throw new UsageError(
      `Cannot ${action}: expected ${wanted} ${wanted === 1 ? 'argument' : 'arguments'}, found ${rest.length}`,
    );
  }
  const other = Object.keys(values).find((name) => !takes.includes(name));
  if (other !== undefined) throw new UsageError(`Cannot ${action}: expected no --${other}, found one`);
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { json: { type: 'boolean' }, image: { type: 'string' } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Where a media peer looks, and where `npm start` keeps what it downloads. */
function resolveOptions(environment: CommandContext['environment']): ResolveOptions {
  const directory = environment['SIGHTLINE_MODELS_DIR'] || undefined;
  return {
    ...(directory !== undefined && { directory }),
    cacheDir:
      environment['SIGHTLINE_CACHE_DIR'] || fileURLToPath(new URL('../../.cache/models', import.meta.url)),
    download: false,
  };
}

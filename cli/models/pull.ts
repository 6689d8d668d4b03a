import { secondOf } from '../../models/catalogue.ts';
import { resolveModel } from '../../models/resolve.ts';
import type { ModelProgress, ResolveOptions } from '../../models/sources.ts';
import type { CommandContext } from '../command.ts';

/** Where to look, and where to tell it. */
export interface PullRequest {
  readonly options: ResolveOptions;
  readonly output: CommandContext['output'];
}

/**
 * `sightline models pull`: puts the weights of a model on this machine and verifies them, by a download or a conversion
 * where they are not here.
 *
 * @returns the exit status @throws SightlineError as {@link resolveModel}
 */
export async function pull(id: string, { options, output }: PullRequest): Promise<number> {
  const onProgress = quarters((words) => output.write(`  ${words}\n`));
  const { manifest, path, second } = await resolveModel(id, { ...options, download: true, onProgress });
  output.write(`${manifest.id} (${manifest.licence}) is in ${path}\n`);
  const part = secondOf(manifest);
  if (part && second) output.write(`${part.id} (${part.licence}), which it needs, is in ${second.path}\n`);
  return 0;
}

/** Tells progress four times a step. */
function quarters(tell: (words: string) => void): (progress: ModelProgress) => void {
  let told = '';
  return ({ model, step, done, total }) => {
    const quarter = Math.floor((4 * Math.min(done, total)) / Math.max(total, 1));
    const words = `${step} ${model} ${quarter * 25} %`;
    if (words !== told) tell(words);
    told = words;
  };
}

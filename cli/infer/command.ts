import { SightlineError } from '../../protocol/errors.ts';
import { type Command, type CommandContext, UsageError } from '../command.ts';
import { statusOf, statusOfSignal } from './exit-status.ts';
import { InferRun } from './infer-run.ts';
import { Interrupts } from './interrupts.ts';
import { type InferOptions, readInferOptions, STANDARD } from './options.ts';
import { readSettings } from './settings.ts';
import { type Summary, summaryInWords } from './summary.ts';

/** `sightline infer`: runs a model over a film, pictures or a camera, without a server. */
export const infer: Command = {
  usage: [
    'infer FILM|PICTURE|FOLDER|URL|-',
    '[--task TASK] [--model ID] [--threshold 0.01-1] [--classes A,B] [--every N]',
    '[--save OUT.mp4|OUT.jpg|FOLDER|-] [--jsonl OUT.jsonl|-] [--frames FOLDER] [--features OUT.npy] [--json] [--quiet]',
  ].join(' '),
  summary: 'looks at every picture of a film, a folder or a camera, and writes what it finds',
  run,
};

async function run(args: readonly string[], { environment, output }: CommandContext): Promise<number> {
  const options = readInferOptions(args);
  let pipeBroken = false;
  // The reader of a pipe may leave when it has seen enough; the write that fails ends the run.
  output.on('error', (error: NodeJS.ErrnoException) => {
    pipeBroken ||= error.code === 'EPIPE';
  });
  const task = new InferRun(options);
  using interrupts = new Interrupts(() => task.interrupt());
  try {
    const summary = await task.run(readSettings(environment));
    await tell(options, summary, task, output);
    if (interrupts.signal) return statusOfSignal(interrupts.signal);
    return summary.refused.length === 0 ? 0 : 1;
  } catch (error) {
    if (pipeBroken) return statusOfSignal('SIGPIPE');
    if (interrupts.signal) return statusOfSignal(interrupts.signal);
    if (!(error instanceof SightlineError) || error instanceof UsageError) throw error;
    process.stderr.write(`${error.code}: ${error.message}\n`);
    return statusOf(error.code);
  }
}

/** The summary goes where no results go. */
async function tell(
  { json, quiet, save, jsonl }: InferOptions,
  summary: Summary,
  { lastOfStill }: InferRun,
  output: CommandContext['output'],
): Promise<void> {
  for (const { code, message } of summary.refused) process.stderr.write(`${code}: ${message}\n`);
  if (!json && quiet) return;
  const isTaken = [save, jsonl].includes(STANDARD);
  const text = json ? `${JSON.stringify(summary, undefined, 2)}\n` : summaryInWords(summary, lastOfStill);
  const target = isTaken ? process.stderr : output;
  await new Promise<void>((resolve) => void target.write(text, () => resolve()));
}

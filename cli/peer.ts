import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { type Command, type CommandContext, UsageError } from './command.ts';

/** Bytes of an id that is made up: two peers never get the same. */
const ID_BYTES = 6;

/** `sightline peer`: a media peer for a server elsewhere. */
export const peer: Command = {
  usage: 'peer --signaling URL [--token TOKEN] [--id ID]',
  summary: 'runs a media peer for a server on another machine',
  run,
};

/** Returns when the peer is started; it goes on until a signal ends the process. */
async function run(args: readonly string[], { environment }: CommandContext): Promise<number> {
  const { signaling, token, id } = parsed(args);
  const chosen = {
    SIGHTLINE_SIGNALING_URL: signaling ?? environment['SIGHTLINE_SIGNALING_URL'],
    SIGHTLINE_PEER_TOKEN: token ?? environment['SIGHTLINE_PEER_TOKEN'],
    SIGHTLINE_PEER_ID: id ?? environment['SIGHTLINE_PEER_ID'] ?? randomBytes(ID_BYTES).toString('hex'),
  };
  if (!chosen.SIGHTLINE_SIGNALING_URL) throw missing('--signaling or SIGHTLINE_SIGNALING_URL');
  if (!chosen.SIGHTLINE_PEER_TOKEN) throw missing('--token or SIGHTLINE_PEER_TOKEN');
  // The peer is a program of its own, which reads its settings from the environment.
  Object.assign(process.env, chosen);
  await import('../peer/main.ts');
  return 0;
}

function parsed(args: readonly string[]) {
  try {
    const options = {
      signaling: { type: 'string' },
      token: { type: 'string' },
      id: { type: 'string' },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function missing(expected: string): UsageError {
  return new UsageError(`Cannot run a media peer: expected ${expected}, found neither`);
}

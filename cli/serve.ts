import { serve as serveSignaling } from '../signaling/serve.ts';
import { type Command, UsageError } from './command.ts';

/** `sightline serve`: the server with its media peers, as `npm start` runs it once everything is set up. */
export const serve: Command = {
  usage: 'serve',
  summary: 'runs the server, with the settings of the environment',
  run,
};

/** Returns when the server listens; it goes on until a signal ends the process. */
async function run(args: readonly string[]): Promise<number> {
  if (args.length > 0) {
    throw new UsageError(`Cannot serve: expected settings in the environment alone, found ${args.join(' ')}`);
  }
  await serveSignaling();
  return 0;
}

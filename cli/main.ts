#!/usr/bin/env node
import { type Command, UsageError } from './command.ts';

/** EX_USAGE of sysexits.h. */
const EXIT_USAGE = 64;

/** Loaded when they are named, so that one that cannot be loaded leaves the others be. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  doctor: async () => (await import('./doctor/command.ts')).doctor,
  infer: async () => (await import('./infer/command.ts')).infer,
  models: async () => (await import('./models/command.ts')).models,
  peer: async () => (await import('./peer.ts')).peer,
  serve: async () => (await import('./serve.ts')).serve,
};

async function main([name = '', ...args]: readonly string[]): Promise<number> {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    const help = name === '--help' || name === 'help';
    (help ? process.stdout : process.stderr).write(await usage());
    return help ? 0 : EXIT_USAGE;
  }
  const command = await load();
  try {
    return await command.run(args, { environment: process.env, output: process.stdout });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\nUsage: sightline ${command.usage}\n`);
    return EXIT_USAGE;
  }
}

async function usage(): Promise<string> {
  const loaded = await Promise.all(Object.values(commands).map((load) => load()));
  return ['Usage:', ...loaded.map(({ usage, summary }) => `  sightline ${usage}\n      ${summary}`), ''].join(
    '\n',
  );
}

process.exitCode = await main(process.argv.slice(2));

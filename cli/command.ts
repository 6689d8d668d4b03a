/** What a command is given of the world that it runs in. */
export interface CommandContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** One command of the program. */
export interface Command {
  /** What comes after the name of the program. */
  readonly usage: string;
  /** One line. */
  readonly summary: string;
  /** @returns the exit status @throws UsageError */
  run(args: readonly string[], context: CommandContext): Promise<number>;
}

/** The command line is not one: the message says what was expected and what was found. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

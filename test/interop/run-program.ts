import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** How a program ended, and all that it printed. */
export interface Ended {
  readonly code: unknown;
  readonly output: string;
}

/** Runs a program to its end. */
export async function runProgram(program: string, args: readonly string[]): Promise<Ended> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const [code] = await once(child, 'close');
  return { code, output };
}

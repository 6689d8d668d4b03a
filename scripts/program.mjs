// Running other programs in the root of the repository, and handing signals on to them.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'node_modules', '.bin');
/** The Node that package.json pins, once it is installed. */
export const node = join(bin, process.platform === 'win32' ? 'node.cmd' : 'node');
const environment = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };
/** Where Ctrl-C may come from: the terminal sends it to every process of its group, so to the child as well. */
const hasTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);

/** Runs a program to its end: in the root, and with our own input and output, unless told otherwise. */
export function run(command, args, { env = environment, stdio = 'inherit', cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio });
    const handlers = {
      // Handled at a terminal too, so that we are still there when the child has ended.
      SIGINT: () => hasTerminal || child.kill('SIGINT'),
      SIGTERM: () => child.kill('SIGTERM'),
    };
    for (const [name, handler] of Object.entries(handlers)) process.on(name, handler);
    // npm hands SIGTERM to the shell between us, which ends without handing it on: then we are orphans.
    const parent = process.ppid;
    const watch = setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 250);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearInterval(watch);
      for (const [name, handler] of Object.entries(handlers)) process.off(name, handler);
      if (code === 0) return resolve();
      const error = new Error(`${command} ${args.join(' ')} ended with ${signal ?? code}`);
      reject(Object.assign(error, { exitCode: code ?? 128 + constants.signals[signal] }));
    });
  });
}

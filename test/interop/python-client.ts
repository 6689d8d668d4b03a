import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Ended, runProgram } from './run-program.ts';

const client = fileURLToPath(new URL('../../examples/python/client.py', import.meta.url));

/** Debian's Python packages belong to its own Python, which need not be the first in the path. */
const python = [process.env['SIGHTLINE_PYTHON'], '/usr/bin/python3', 'python3'].find(
  (program) => program && spawnSync(program, ['-c', 'import aiohttp, aiortc']).status === 0,
);

/** Whether there is a Python with aiortc; where not, tests that need one skip, and say so. */
export const hasAiortc = python !== undefined;

/** Runs examples/python/client.py. @returns how it ended, and all that it printed */
export function runPythonClient(...args: string[]): Promise<Ended> {
  return runPython(client, ...args);
}

/** Runs a program in a Python that has aiortc. @returns how it ended, and all that it printed */
export function runPython(...args: string[]): Promise<Ended> {
  if (!python)
    throw new Error('Cannot find a Python with aiortc: install python3-aiortc and python3-aiohttp');
  return runProgram(python, args);
}

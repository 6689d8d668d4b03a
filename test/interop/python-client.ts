import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const client = fileURLToPath(new URL('../../examples/python/client.py', import.meta.url));

/** Debian's Python packages belong to its own Python, which need not be the first in the path. */
const python = [process.env['SIGHTLINE_PYTHON'], '/usr/bin/python3', 'python3'].find(
  (program) => program && spawnSync(program, ['-c', 'import aiohttp, aiortc']).status === 0,
);

/** Whether there is a Python with aiortc; where not, tests that need one skip, and say so. */
export const hasAiortc = python !== undefined;

/** Runs examples/python/client.py. @returns how it ended, and all that it printed */
export async function runPythonClient(...args: string[]): Promise<{ code: unknown; output: string }> {
  if (!python)
    throw new Error('Cannot find a Python with aiortc: install python3-aiortc and python3-aiohttp');
  const child = spawn(python, [client, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const [code] = await once(child, 'close');
  return { code, output };
}

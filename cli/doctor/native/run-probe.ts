import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A native library takes a second or two to load on a slow machine. */
const LIMIT_MS = 30_000;
/** A film of a second is a hundred kilobytes. */
const MAX_OUTPUT_BYTES = 8_000_000;

/** The probes, each a program beside this file. */
export type Probe = 'codec-probe' | 'inference-probe';

/**
 * Runs a probe as a process of its own: a native library that does not fit the machine ends its process, not the doctor.
 * @returns what the probe said
 * @throws Error with the last words of the process, or how it ended
 */
export function runProbe(probe: Probe, args: readonly string[] = []): Promise<unknown> {
  const program = fileURLToPath(new URL(`./${probe}.ts`, import.meta.url));
  const options = { timeout: LIMIT_MS, killSignal: 'SIGKILL', maxBuffer: MAX_OUTPUT_BYTES } as const;
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) => {
      if (error) reject(new Error(lastWords(stderr) ?? howItEnded(error)));
      else resolve(JSON.parse(stdout));
    });
  });
}

function howItEnded({
  signal,
  code,
  killed,
}: {
  signal?: NodeJS.Signals | null;
  code?: unknown;
  killed?: boolean;
}) {
  if (killed) return `it did not come up within ${LIMIT_MS / 1000} s`;
  return signal ? `its process was ended by ${signal}` : `its process ended with ${String(code)}`;
}

/** The line of an uncaught error that says what it was. */
function lastWords(stderr: string): string | undefined {
  return stderr.split('\n').find((line) => /^\w*Error\b.*: /.test(line));
}

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A finding as `--json` has it, as far as tests look at it. */
interface Finding {
  readonly step: string;
  readonly status: string;
  readonly code?: string;
  readonly text: string;
  readonly remedy?: string;
}

export interface DoctorRun {
  readonly status: number;
  readonly output: string;
  readonly complaint: string;
}

/** Runs `sightline doctor` as a process of its own, to its end. */
export function runDoctor(
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<DoctorRun> {
  const options = { cwd: root, env: { ...process.env, ...environment } };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['cli/main.ts', 'doctor', ...args],
      options,
      (_, output, complaint) => resolve({ status: child.exitCode ?? -1, output, complaint }),
    );
  });
}

export interface Examined {
  readonly status: number;
  readonly findings: readonly Finding[];
  /** The findings of one step. */
  step(name: string): readonly Finding[];
  /** What is wrong or doubtful. */
  readonly codes: readonly string[];
}

/** {@link runDoctor} with `--json`. */
export async function examine(
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<Examined> {
  const { status, output, complaint } = await runDoctor(['--json', ...args], environment);
  if (output === '') throw new Error(`The doctor ended with ${status}: ${complaint}`);
  const { findings } = JSON.parse(output) as { findings: Finding[] };
  return {
    status,
    findings,
    step: (name) => findings.filter((finding) => finding.step === name),
    codes: findings.flatMap(({ code }) => code ?? []),
  };
}

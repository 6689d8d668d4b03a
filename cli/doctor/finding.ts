import { type ProblemCode, remedyOf } from './remedies.ts';

/** `warning`: it works, though perhaps not for everybody. */
export type FindingStatus = 'ok' | 'warning' | 'failed';

/** One thing that was looked at, in words. `Code` is that of the doctor, or of another command. */
export interface Finding<Code extends string = ProblemCode> {
  /** What was looked at. */
  readonly step: string;
  readonly status: FindingStatus;
  /** What is wrong, for programs; absent where all is well. */
  readonly code?: Code;
  /** What is so, or what is wrong: one sentence without its full stop. */
  readonly text: string;
  /** What to do about it: one sentence without its full stop. */
  readonly remedy?: string;
  /** Numbers and names in the text, for programs; times in milliseconds. */
  readonly figures?: Readonly<Record<string, string | number | readonly string[]>>;
}

/** The findings of one check, told as they are made. */
export type Findings = AsyncGenerator<Finding, void>;

export function ok(step: string, text: string, figures?: Finding['figures']): Finding {
  return { step, status: 'ok', text, ...(figures && { figures }) };
}

export function warning(step: string, code: ProblemCode, text: string): Finding {
  return { step, status: 'warning', code, text, remedy: remedyOf(code) };
}

export function failed(step: string, code: ProblemCode, text: string): Finding {
  return { step, status: 'failed', code, text, remedy: remedyOf(code) };
}

/** Runs a check to its end; one that throws has found something that nobody thought of. */
export async function* guarded(step: string, findings: Findings): Findings {
  try {
    yield* findings;
  } catch (error) {
    yield failed(step, 'check-failed', `This could not be looked at: ${reasonOf(error)}`);
  }
}

/** The words of an error, or of what caused it where it only says that something failed, as `fetch` does. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return String(cause);
  return cause.message || codeOf(cause) || cause.name;
}

/** The system's code of an error or of its cause, such as `ECONNREFUSED`; '' where it has none. */
export function codeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

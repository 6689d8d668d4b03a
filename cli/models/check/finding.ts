import type { ErrorCode } from '../../../protocol/errors.ts';
import type { Finding } from '../../doctor/finding.ts';
import { type ProblemCode, remedies } from './remedies.ts';

/** One thing that was looked at in a model. Errors of Sightline keep their own codes. */
export type ModelFinding = Finding<ProblemCode | ErrorCode>;

export function ok(step: string, text: string, figures?: ModelFinding['figures']): ModelFinding {
  return { step, status: 'ok', text, ...(figures && { figures }) };
}

/** @param remedy what to do in this case; what is always to be done with this problem when left out */
export function warning(step: string, code: ProblemCode, text: string, remedy?: string): ModelFinding {
  return { step, status: 'warning', code, text, remedy: remedy ?? remedies[code] };
}

/** @param remedy what to do in this case; what is always to be done with this problem when left out */
export function failed(step: string, code: ProblemCode, text: string, remedy?: string): ModelFinding {
  return { step, status: 'failed', code, text, remedy: remedy ?? remedies[code] };
}

import { z } from 'zod';
import { errorCodes, isErrorCode, SightlineError } from './errors.ts';

/** The body of an `application/problem+json` answer (RFC 9457), with the code as an extension member. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string().refine(isErrorCode, 'Unknown error code'),
  detail: z.string(),
  /** Seconds after which it may be tried again; also in the Retry-After header. */
  retryAfter: z.number().optional(),
});
export type Problem = z.infer<typeof problemSchema>;

/** Turns an error into the problem that a caller is shown. Anything but a SightlineError shows only `internal`. */
export function toProblem(error: unknown): Problem {
  const known =
    error instanceof SightlineError
      ? error
      : new SightlineError('internal', 'The request could not be completed; the log of the server says why');
  const { status, title } = errorCodes[known.code];
  const { code, message: detail, retryAfterSeconds: retryAfter } = known;
  return {
    type: 'about:blank',
    title,
    status,
    code,
    detail,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

/** The error that a problem came from, for the process that receives it. */
export function fromProblem(problem: Problem): SightlineError {
  const { code, detail, retryAfter } = problem;
  return new SightlineError(code, detail, retryAfter === undefined ? {} : { retryAfterSeconds: retryAfter });
}

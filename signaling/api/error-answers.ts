import { type ErrorCode, errorCodes } from '../../protocol/errors.ts';
import { type Problem, problemSchema } from '../../protocol/problem.ts';
import { type Json, refTo } from './components.ts';

/** A session that is called, or looked for, on a media peer. */
export const errorsOfPeer = ['peer-timeout', 'peer-lost'] as const satisfies ErrorCode[];

/** A body that is read. */
export const errorsOfBody = ['media-type-unsupported', 'body-too-large'] as const satisfies ErrorCode[];

/** A body that is read as JSON. */
export const errorsOfJson = [...errorsOfBody, 'not-json'] as const satisfies ErrorCode[];

/** The choice of what is looked for. */
export const errorsOfSettings = [
  'tasks-invalid',
  'zone-invalid',
  'model-unknown',
  'model-unavailable',
  'model-unreadable',
  'model-hash-mismatch',
  'model-contract-mismatch',
] as const satisfies ErrorCode[];

/** An offer that is answered, whoever it is that makes it. */
export const errorsOfOffer = [
  'sdp-invalid',
  'offer-expected',
  'no-video',
  'codec-unsupported',
  'candidates-exhausted',
] as const satisfies ErrorCode[];

const retryAfter = {
  'Retry-After': {
    description: 'Seconds until it is worth another try',
    schema: { type: 'integer', minimum: 1 },
  },
};

const headersOfStatus: Readonly<Record<number, Json>> = {
  401: { 'WWW-Authenticate': { description: '`Bearer` (RFC 6750)', schema: { type: 'string' } } },
  429: retryAfter,
  503: retryAfter,
};

/** The answers that tell of errors, by status: one for all codes that share it. */
export function errorAnswers(codes: readonly ErrorCode[]): Record<string, Json> {
  const byStatus = Map.groupBy([...new Set(codes)], (code) => errorCodes[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => [status, errorAnswer(status, ofStatus)]),
  );
}

function errorAnswer(status: number, codes: readonly ErrorCode[]): Json {
  const headers = headersOfStatus[status];
  const narrowed = { properties: { status: { const: status }, code: { enum: codes } } };
  return {
    description: codes.map((code) => `\`${code}\`: ${errorCodes[code].title}`).join('  \n'),
    ...(headers && { headers }),
    content: {
      'application/problem+json': {
        schema: { allOf: [refTo(problemSchema), narrowed] },
        examples: Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code) }])),
      },
    },
  };
}

function exampleOf(code: ErrorCode): Problem {
  const { title, status } = errorCodes[code];
  return { type: 'about:blank', title, status, code, detail: `${title}; here it is said what was expected` };
}

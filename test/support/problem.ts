import { expect } from 'vitest';
import { type ErrorCode, errorCodes } from '../../protocol/errors.ts';
import { type Problem, problemSchema } from '../../protocol/problem.ts';

/** Asserts that an answer is a problem with this code and the status of the code, and returns it. */
export async function expectProblem(response: Response, code: ErrorCode): Promise<Problem> {
  const body: unknown = await response.json();
  expect(body).toMatchObject({ code, status: errorCodes[code].status, title: errorCodes[code].title });
  expect(response.status).toBe(errorCodes[code].status);
  expect(response.headers.get('Content-Type')).toMatch(/^application\/problem\+json/);
  return problemSchema.parse(body);
}

import { describe, expect, it } from 'vitest';
import { problemError } from '../../../client/sdk/problem-words.ts';
import { errorCodes, SightlineError } from '../../../protocol/errors.ts';
import { toProblem } from '../../../protocol/problem.ts';

const body = (code: keyof typeof errorCodes, detail = 'Cannot do it: expected a thing, found another') =>
  JSON.stringify(toProblem(new SightlineError(code, detail)));

describe('problemError()', () => {
  it.each(Object.keys(errorCodes) as (keyof typeof errorCodes)[])(
    'keeps the code %s and has words for it',
    (code) => {
      const error = problemError({ status: errorCodes[code].status, body: body(code) });
      expect(error.code).toBe(code);
      expect(error.title).toMatch(/^\S.*[^.]$/);
      expect(error.advice).toMatch(/^\S.*\.$/s);
      expect(error.message).toBe(`${error.title}. ${error.advice}`);
    },
  );

  it('shows the server’s own words where it has none of its own', () => {
    const error = problemError({
      status: 400,
      body: body('sdp-invalid', 'Cannot parse the SDP: found an m-line of 3 words'),
    });
    expect(error).toMatchObject({
      title: errorCodes['sdp-invalid'].title,
      advice: 'Cannot parse the SDP: found an m-line of 3 words.',
    });
  });

  it.each([
    ['7', 7],
    ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('reads the Retry-After %s as %s seconds', (retryAfter, seconds) => {
    const answer = {
      status: 503,
      body: body('sessions-exhausted'),
      ...(retryAfter !== undefined && { retryAfter }),
    };
    expect(problemError(answer).retryAfterSeconds).toBe(seconds);
  });

  it.each([
    [401, '', 'key-required'],
    [404, '<h1>Not Found</h1>', 'not-found'],
    [500, '', 'internal'],
    [502, '<h1>Bad Gateway</h1>', 'server-unreachable'],
    [503, '', 'no-peer'],
    [504, '', 'server-unreachable'],
    [418, 'null', 'internal'],
    [418, '{"code":3}', 'internal'],
  ])('takes a proxy’s %i with the body %j for %s', (status, proxyBody, code) => {
    expect(problemError({ status, body: proxyBody }).code).toBe(code);
  });
});

import type { ErrorCode } from '../../protocol/errors.ts';
import { CallError, type Words } from './call-error.ts';
import { pathError } from './path-words.ts';

const keyRequired: Words = {
  title: 'This server needs a key',
  advice: 'Enter the key that whoever runs it gave you.',
};

const ended: Words = {
  title: 'The server ended the call',
  advice: 'It does not know this call any more. Try again.',
};

const noTrack: Words = {
  title: 'There is no video to send',
  advice: 'The stream has no video track. Choose a camera, then try again.',
};

/** The server's errors that a person can do something about; the others are shown in the server's own words. */
const words: Partial<Record<ErrorCode, Words>> = {
  'key-required': keyRequired,
  'no-video': noTrack,
  'codec-unsupported': {
    title: 'No video codec in common',
    advice: 'This browser and the server share none. Try a current Chrome, Edge, Firefox or Safari.',
  },
  'model-unknown': {
    title: 'The server does not have this model',
    advice: 'Choose another one, then try again.',
  },
  'session-unknown': ended,
  'no-peer': {
    title: 'The server is not ready yet',
    advice: 'It is still starting or loading its model. Try again in a few seconds.',
  },
  'sessions-exhausted': {
    title: 'The server is full',
    advice: 'Every place is taken. Try again when somebody else has stopped.',
  },
  'peer-timeout': {
    title: 'The server is too busy',
    advice: 'It did not take the call in time. Try again in a few seconds.',
  },
  'peer-lost': {
    title: 'The server lost the call',
    advice: 'The part of it that handles video went away; a new one takes over. Try again.',
  },
  internal: {
    title: 'Something went wrong inside the server',
    advice: 'Try again. If it happens again, the server’s log says why.',
  },
};

/** What is read of an answer that is not a success. */
export interface FailedAnswer {
  /** HTTP status. */
  status: number;
  /** The body as text: problem+json (RFC 9457) from the server itself, anything at all from a proxy before it. */
  body: string;
  /** The Retry-After header, in seconds (RFC 9110, 10.2.3); dates are not read. */
  retryAfter?: string | null;
}

/** Puts an answer that is not a success into words. */
export function problemError({ status, body, retryAfter }: FailedAnswer): CallError {
  const problem = readProblem(body);
  const seconds = Number.parseInt(retryAfter ?? '', 10);
  const retryAfterSeconds = Number.isNaN(seconds) ? undefined : seconds;
  if (problem) {
    const shown = words[problem.code] ?? { title: problem.title, advice: `${problem.detail}.` };
    return new CallError(problem.code, shown, { retryAfterSeconds });
  }
  if (status === 502 || status === 504) return pathError('server-unreachable', { retryAfterSeconds });
  return new CallError(codeOf(status), unexplained(status), { retryAfterSeconds });
}

/** The server no longer knows a call that was running. */
export function sessionEnded(): CallError {
  return new CallError('session-unknown', ended);
}

/** The stream that was to be sent has no video track. */
export function noVideo(): CallError {
  return new CallError('no-video', noTrack);
}

function readProblem(body: string): { code: ErrorCode; title: string; detail: string } | null {
  try {
    const { code, title, detail } = JSON.parse(body) ?? {};
    const complete = [code, title, detail].every((field) => typeof field === 'string');
    return complete ? { code, title, detail } : null;
  } catch {
    return null; // not JSON: a proxy's page
  }
}

function codeOf(status: number): ErrorCode {
  if (status === 401) return 'key-required';
  if (status === 404) return 'not-found';
  return status === 503 ? 'no-peer' : 'internal';
}

function unexplained(status: number): Words {
  if (status === 401) return keyRequired;
  return {
    title: `The server answered ${status}`,
    advice: 'Something between this page and the server may have answered in its place. Try again.',
  };
}

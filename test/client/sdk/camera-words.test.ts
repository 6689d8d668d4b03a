import { describe, expect, it } from 'vitest';
import { cameraError } from '../../../client/sdk/camera-words.ts';

describe('cameraError()', () => {
  it.each([
    ['NotAllowedError', 'Permission denied', 'camera-refused', /lock icon/],
    ['NotAllowedError', 'Permission denied by system', 'camera-refused', /privacy settings/],
    ['SecurityError', '', 'camera-refused', /https/],
    ['NotFoundError', 'Requested device not found', 'camera-missing', /Connect a camera/],
    ['OverconstrainedError', '', 'camera-missing', /another one/],
    ['NotReadableError', 'Could not start video source', 'camera-busy', /Close that program/],
    ['AbortError', '', 'camera-busy', /Close that program/],
    ['UnknownError', 'It broke', 'camera-failed', /“UnknownError: It broke”/],
  ])('puts %s (%s) into words as %s', (name, message, code, advice) => {
    const cause = new DOMException(message, name);
    const error = cameraError(cause);
    expect(error).toMatchObject({ code, cause });
    expect(error.advice).toMatch(advice);
  });

  it('has words for what is not an error at all', () => {
    expect(cameraError(undefined)).toMatchObject({ code: 'camera-failed', advice: 'Try again.' });
  });
});

import type { ErrorCode } from '../../protocol/errors.ts';
import { CallError } from './call-error.ts';

/** The server did not take a change of the settings, and says why. */
export function refusedSettings(code: string, detail: string): CallError {
  // A server that is newer than this page may have codes that are not known here.
  return new CallError(code as ErrorCode, {
    title: 'The server did not take the change',
    advice: `Everything stays as it was. The server says: ${detail}.`,
  });
}

/** No answer came to a change of the settings. */
export function settingsTimeout(): CallError {
  return new CallError('settings-timeout', {
    title: 'The change was not confirmed',
    advice: 'The server has not answered in time. Try it once more.',
  });
}

/** A change came after the call had ended. */
export function callOver(): CallError {
  return new CallError('call-over', {
    title: 'The call is over',
    advice: 'Settings can be changed live only during a call. Start another one.',
  });
}

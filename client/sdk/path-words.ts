import type { Diagnosis } from '../../protocol/ice.ts';
import { CallError, type CallErrorOptions, type LocalErrorCode, type Words } from './call-error.ts';

/** Errors of the way between this browser and the server; those of the camera, of settings and of the server's answers have their own files. */
type PathErrorCode = Exclude<LocalErrorCode, `camera-${string}` | 'settings-timeout' | 'call-over'>;

const words: Record<PathErrorCode, Words> = {
  'browser-unsupported': {
    title: 'This browser cannot make video calls',
    advice: 'Open the page in a current Chrome, Edge, Firefox or Safari.',
  },
  'server-unreachable': {
    title: 'The server does not answer',
    advice: 'Check that it is running and that this device is online, then try again.',
  },
  'answer-invalid': {
    title: 'The server’s answer could not be used',
    advice: 'Reload the page. If it happens again, the page and the server are of different versions.',
  },
  'ice-failed': {
    title: 'The network blocks the video path',
    advice:
      'This browser and the server reach each other over HTTP, but not over UDP. Check VPNs and firewalls, or try another network.',
  },
  'media-timeout': {
    title: 'No picture comes back',
    advice: 'The call is open, but the server has stopped sending video. Try again.',
  },
  'call-failed': {
    title: 'The call could not be made',
    advice: 'Something unexpected went wrong in this page. Reload it; the browser’s console says more.',
  },
};

/** An error of the path between this browser and the server. */
export function pathError(code: PathErrorCode, options?: CallErrorOptions): CallError {
  return new CallError(code, words[code], options);
}

/** The path failed, and the server says why. */
export function pathFailed(diagnosis: readonly Diagnosis[]): CallError {
  const { title, advice } = words['ice-failed'];
  const said = diagnosis.map(({ text }) => `${text}.`).join(' ');
  return new CallError('ice-failed', { title, advice: `${advice} The server says: ${said}` });
}

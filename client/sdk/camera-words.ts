import { CallError, type LocalErrorCode, type Words } from './call-error.ts';

type CameraErrorCode = Extract<LocalErrorCode, `camera-${string}`>;

const refused: Words = {
  title: 'The camera is not allowed',
  advice: 'Allow the camera for this page: use the camera or lock icon beside the address, then try again.',
};
const refusedBySystem: Words = {
  title: 'The system does not let the browser use the camera',
  advice: 'Allow it in the privacy settings of this device, then try again.',
};
const insecure: Words = {
  title: 'The camera needs a secure page',
  advice: 'Browsers give the camera only to pages on https:// or on localhost. Open this page that way.',
};
const missing: Words = {
  title: 'No camera was found',
  advice: 'Connect a camera, or choose another one, then try again.',
};
const unplugged: Words = {
  title: 'The camera stopped',
  advice: 'It was unplugged or taken away from this page. Connect it again, or choose another one.',
};
const busy: Words = {
  title: 'The camera is in use',
  advice: 'Another program holds it. Close that program or its video call, then try again.',
};

/** The camera that was running ended by itself: unplugged, or its permission taken back. */
export function cameraStopped(): CallError {
  return new CallError('camera-missing', unplugged);
}

/** The page is not in a secure context, so the browser has no `navigator.mediaDevices` at all. */
export function cameraInsecure(): CallError {
  return new CallError('camera-refused', insecure);
}

/** Puts what `getUserMedia()` rejects with into words. Source: Media Capture and Streams, 10.2. */
export function cameraError(cause: unknown): CallError {
  const name = cause instanceof Error ? cause.name : '';
  const message = cause instanceof Error ? cause.message : '';
  const [code, words] = describe(name, message);
  return new CallError(code, words, { cause });
}

function describe(name: string, message: string): [CameraErrorCode, Words] {
  switch (name) {
    case 'NotAllowedError':
      return ['camera-refused', /system/i.test(message) ? refusedBySystem : refused];
    case 'SecurityError':
      return ['camera-refused', insecure];
    case 'NotFoundError':
    case 'OverconstrainedError':
      return ['camera-missing', missing];
    case 'NotReadableError':
    case 'AbortError':
      return ['camera-busy', busy];
    default:
      return ['camera-failed', { title: 'The camera did not start', advice: reason(name, message) }];
  }
}

function reason(name: string, message: string): string {
  const said = [name, message].filter(Boolean).join(': ');
  return said ? `The browser says “${said}”. Choose another camera, or try again.` : 'Try again.';
}

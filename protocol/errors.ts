/**
 * Every error that Sightline shows to somebody, with the HTTP status it takes when it crosses HTTP.
 * `docs/errors.md` explains each for the person who reads it; a test compares the two.
 */
export const errorCodes = {
  // What was sent is not a usable offer
  'not-json': { status: 400, title: 'The body is not JSON' },
  'offer-invalid': { status: 400, title: 'The body is not an offer' },
  'offer-expected': { status: 400, title: 'An answer came where an offer is expected' },
  'sdp-invalid': { status: 400, title: 'The SDP cannot be parsed' },
  'no-video': { status: 400, title: 'The offer has no video section' },
  'codec-unsupported': { status: 400, title: 'No video codec in common' },
  'control-invalid': { status: 400, title: 'The message on the control channel is not one' },
  'tasks-invalid': { status: 400, title: 'The tasks of the session cannot be used' },
  'zone-invalid': { status: 400, title: 'The zones cannot be watched' },
  'model-unknown': { status: 400, title: 'No such model' },
  'fragment-invalid': { status: 400, title: 'The body is not a trickle ICE fragment' },
  'candidates-exhausted': { status: 400, title: 'The session has too many candidates' },
  'infer-invalid': { status: 400, title: 'The request for images cannot be read' },
  'images-missing': { status: 400, title: 'There is no image in the request' },
  'too-many-images': { status: 400, title: 'The request has too many images' },
  'base64-invalid': { status: 400, title: 'The image is not base64' },
  'image-invalid': { status: 400, title: 'The image cannot be read' },
  'query-invalid': { status: 400, title: 'The query of the address cannot be used' },
  'frame-header-invalid': { status: 400, title: 'The header of the frame is not one' },
  'frame-message-invalid': { status: 400, title: 'The message beside the frames is not one' },
  'frame-unexpected': { status: 400, title: 'A frame came where none is expected' },
  // What was asked for is not here
  'key-required': { status: 401, title: 'A key is required' },
  'origin-refused': { status: 403, title: 'Pages of this origin may not connect' },
  'not-found': { status: 404, title: 'Nothing is at this address' },
  'session-unknown': { status: 404, title: 'No such session' },
  'camera-unknown': { status: 404, title: 'No such camera in the session' },
  'method-not-allowed': { status: 405, title: 'The method is not allowed here' },
  'passthrough-unavailable': { status: 409, title: "The camera's own picture cannot be shown" },
  'not-acceptable': { status: 406, title: 'There is no answer in the form that is asked for' },
  'ice-session-changed': { status: 412, title: 'The ICE session is another one by now' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'image-too-large': { status: 413, title: 'The image is too large' },
  'media-type-unsupported': { status: 415, title: 'The media type is not supported' },
  'frame-format-unsupported': { status: 415, title: 'The format of the frame is not known' },
  'image-unsupported': { status: 415, title: 'The image is of a kind that is not decoded' },
  'if-match-required': { status: 428, title: 'If-Match is required' },
  // A file, a stream of bytes or a camera on the network
  'source-invalid': { status: 400, title: 'The source is not named in a way that can be read' },
  'source-refused': { status: 403, title: 'The operator does not let this source be read' },
  'source-codec-unsupported': { status: 415, title: 'The codec of the source is not decoded' },
  'source-no-video': { status: 422, title: 'The source has no pictures' },
  'source-unreadable': { status: 502, title: 'The source cannot be read' },
  'source-timeout': { status: 504, title: 'The source never answered' },
  'output-failed': { status: 500, title: 'The output cannot be written' },
  'recording-failed': { status: 500, title: 'The recording cannot be written' },
  // Recordings
  'recording-invalid': { status: 400, title: 'The request for a recording cannot be read' },
  'recording-off': { status: 403, title: 'This server records nothing' },
  'recording-unknown': { status: 404, title: 'No such recording' },
  'recording-hidden': { status: 409, title: 'The picture as it came may not be recorded' },
  'recordings-exhausted': { status: 409, title: 'The session is recorded often enough' },
  'file-changed': { status: 412, title: 'The file is another one by now' },
  'range-invalid': { status: 416, title: 'The range lies beyond the file' },
  'recording-quota': { status: 507, title: 'There is no room for another recording' },
  'settings-busy': { status: 429, title: 'Too many changes of the settings wait' },
  'infer-busy': { status: 429, title: 'The server has enough images to look at' },
  // The server cannot do it now
  internal: { status: 500, title: 'Something went wrong inside the server' },
  'no-peer': { status: 503, title: 'No media peer is ready' },
  'sessions-exhausted': { status: 503, title: 'Every session is taken' },
  'viewers-exhausted': { status: 503, title: 'Every place for viewers is taken' },
  'picture-missing': { status: 503, title: 'The session has no picture yet' },
  'peer-timeout': { status: 503, title: 'The media peer did not answer in time' },
  'peer-lost': { status: 503, title: 'The media peer went away' },
  'model-unavailable': { status: 503, title: 'The model cannot be had' },
  // The server cannot start
  'config-invalid': { status: 500, title: 'The configuration is not valid' },
  'address-in-use': { status: 500, title: 'The address is taken by another program' },
  'open-without-key': { status: 500, title: 'Listening beyond this machine needs a key' },
  'model-manifest-invalid': { status: 500, title: 'The manifest of the model is not one' },
  'model-id-taken': { status: 500, title: 'The id of the model is that of another one' },
  'model-hash-mismatch': { status: 500, title: 'The model file is not the one expected' },
  'model-download-failed': { status: 500, title: 'The model could not be downloaded' },
  'model-unreadable': { status: 500, title: 'The model file cannot be loaded' },
  'model-contract-mismatch': {
    status: 500,
    title: 'The model does not have the expected inputs and outputs',
  },
  'codec-failed': { status: 500, title: 'The codec library reported an error' },
  // The inference server that was configured; its work is done here meanwhile, and the log has the code
  'backend-timeout': { status: 503, title: 'The inference server did not answer in time' },
  'backend-failed': { status: 503, title: 'The inference server could not be used' },
  'backend-invalid': { status: 503, title: 'The inference server answered something else' },
  'inference-failed': { status: 500, title: 'The model could not be run' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof errorCodes;

export function isErrorCode(value: string): value is ErrorCode {
  return Object.hasOwn(errorCodes, value);
}

/** Options of {@link SightlineError}. */
export interface SightlineErrorOptions {
  cause?: unknown;
  /** Sent as Retry-After where the error crosses HTTP. */
  retryAfterSeconds?: number;
}

/**
 * An error with a stable code. The message says what was attempted, what was expected and what was found,
 * in sentence case without a full stop; it is shown to the caller, so it never holds a secret or a path of the server
 * unless the code belongs to starting up.
 */
export class SightlineError extends Error {
  override readonly name = 'SightlineError';
  readonly code: ErrorCode;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, options: SightlineErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get status(): number {
    return errorCodes[this.code].status;
  }
}

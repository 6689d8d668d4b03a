import { constants } from 'node:os';
import type { ErrorCode } from '../../protocol/errors.ts';

/** Of sysexits.h. */
const EX_NOINPUT = 66;
const EX_UNAVAILABLE = 69;
const EX_IOERR = 74;
const EX_CONFIG = 78;

const FAILED = 1;
/** What shells add to the number of the signal that ended a program. */
const SIGNALLED = 128;

const statuses: Partial<Record<ErrorCode, number>> = {
  'source-unreadable': EX_NOINPUT,
  'source-no-video': EX_NOINPUT,
  'source-codec-unsupported': EX_NOINPUT,
  'image-invalid': EX_NOINPUT,
  'image-too-large': EX_NOINPUT,
  'image-unsupported': EX_NOINPUT,
  'source-timeout': EX_UNAVAILABLE,
  'model-unknown': EX_UNAVAILABLE,
  'model-unavailable': EX_UNAVAILABLE,
  'output-failed': EX_IOERR,
  'config-invalid': EX_CONFIG,
};

/** The exit status of an error; docs/cli.md lists them. */
export function statusOf(code: ErrorCode): number {
  return statuses[code] ?? FAILED;
}

/** As of a program that the signal has ended. */
export function statusOfSignal(signal: 'SIGINT' | 'SIGTERM' | 'SIGPIPE'): number {
  return SIGNALLED + constants.signals[signal];
}

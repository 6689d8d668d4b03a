import { parentPort, workerData } from 'node:worker_threads';
import { type ErrorCode, SightlineError } from '../../protocol/errors.ts';
import { convertPackage } from './convert-package.ts';

/** What the worker answers, once: an error loses its class on the way, so its parts are sent. */
export type ConversionReply =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string };

async function convert(): Promise<ConversionReply> {
  try {
    return { ok: true, bytes: await convertPackage(workerData) };
  } catch (error) {
    if (error instanceof SightlineError) return { ok: false, code: error.code, message: error.message };
    return { ok: false, code: 'model-unreadable', message: `Cannot convert the model: ${String(error)}` };
  }
}

parentPort?.postMessage(await convert());

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { SightlineError } from '../../protocol/errors.ts';
import type { ConversionReply } from './conversion-worker.ts';
import type { PackageConversion } from './convert-package.ts';

/**
 * Does what `convertPackage` does in a thread of its own, as the caller's may be serving media.
 * Throws what that throws, and the signal's reason when it is aborted.
 */
export async function convertInWorker(
  conversion: PackageConversion,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  signal?.throwIfAborted();
  const worker = new Worker(new URL('./conversion-worker.ts', import.meta.url), { workerData: conversion });
  try {
    const [reply] = (await once(worker, 'message', signal ? { signal } : {})) as [ConversionReply];
    if (reply.ok) return reply.bytes;
    throw new SightlineError(reply.code, reply.message);
  } finally {
    await worker.terminate();
  }
}

import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RESULTS_FILE, type Recording } from '../../protocol/recordings.ts';

/** A line of results is shorter. */
const TAIL_BYTES = 4 * 1024 * 1024;

/**
 * What is left of a recording whose media peer died: files with the size that they have, and no half line of results.
 * @param folder of the recording
 */
export async function repaired(folder: string, recording: Recording): Promise<Recording> {
  const parts = await Promise.all(
    recording.parts.map(async (part) => ({ ...part, bytes: await sizeOf(join(folder, part.file)) })),
  );
  const results = join(folder, RESULTS_FILE);
  if (recording.results) await cutHalfLine(results);
  const bytes = parts.reduce((sum, part) => sum + part.bytes, await sizeOf(results));
  return { ...recording, state: 'interrupted', end: 'interrupted', parts, bytes };
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

async function cutHalfLine(path: string): Promise<void> {
  const size = await sizeOf(path);
  if (size === 0) return;
  await using file = await open(path, 'r+');
  const start = Math.max(0, size - TAIL_BYTES);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
  const end = buffer.subarray(0, bytesRead).lastIndexOf(0x0a) + 1;
  await file.truncate(start + end);
}

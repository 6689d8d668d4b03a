import { InferenceSession } from 'onnxruntime-node';
import { SightlineError } from '../../protocol/errors.ts';
import type { ExecutionProvider } from '../../protocol/models.ts';

interface OpenedSession {
  readonly session: InferenceSession;
  /** The one asked for, or `cpu`. */
  readonly provider: ExecutionProvider;
  /** In words, why it is not the one asked for. */
  readonly problem?: string;
}

/**
 * Loads an ONNX file on an execution provider of ONNX Runtime; on the processor where that provider is not there or
 * cannot run the model.
 *
 * @throws {SightlineError} `model-unreadable`
 */
export async function openSession(
  path: string,
  threads: number,
  provider: ExecutionProvider = 'cpu',
): Promise<OpenedSession> {
  if (provider === 'cpu') return { session: await onProcessor(path, threads), provider };
  try {
    return { session: await create(path, threads, provider), provider };
  } catch (cause) {
    // A file that is broken is so everywhere, and then this is what throws.
    const session = await onProcessor(path, threads);
    const problem = `Cannot run ${path} on ${provider}: expected this execution provider of ONNX Runtime, found: ${wordsOf(cause)}`;
    return { session, provider: 'cpu', problem };
  }
}

async function onProcessor(path: string, threads: number): Promise<InferenceSession> {
  try {
    return await create(path, threads, 'cpu');
  } catch (cause) {
    throw new SightlineError(
      'model-unreadable',
      `Cannot load the model ${path}: expected a whole ONNX file, found: ${wordsOf(cause)}. ` +
        'Delete the file and start again to fetch it anew, or put a good copy in its place',
      { cause },
    );
  }
}

/**
 * One operator at a time: detectors are chains, there is nothing to run side by side. Threads that wait for work sleep
 * instead of spinning, because the codecs need the cores in the meantime.
 */
function create(path: string, threads: number, provider: ExecutionProvider): Promise<InferenceSession> {
  return InferenceSession.create(path, {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    enableCpuMemArena: true,
    // DirectML refuses a session with it.
    enableMemPattern: provider !== 'dml',
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
}

function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message.trim() : String(cause);
}

import { type ControlReply, configureSchema, MAX_CONTROL_MESSAGE } from '../protocol/control.ts';
import { SightlineError } from '../protocol/errors.ts';
import { faultsIn } from '../protocol/faults.ts';
import type { CurrentSettings, LiveSettings } from '../protocol/session.ts';

/** Answers one message of the `control` channel. Nothing is changed by a message that is not right as a whole. */
export async function answerControl(
  message: string,
  configure: (changes: LiveSettings) => Promise<CurrentSettings>,
): Promise<ControlReply> {
  let about: { id?: string | number } = {};
  try {
    const { id, changes } = parseMessage(message);
    if (id !== undefined) about = { id };
    return { type: 'configured', ...about, ...(await configure(changes)) };
  } catch (error) {
    if (!(error instanceof SightlineError)) throw error;
    return { type: 'error', ...about, code: error.code, detail: error.message };
  }
}

function parseMessage(message: string): { id: string | number | undefined; changes: LiveSettings } {
  const parsed = configureSchema.safeParse(parseJson(message));
  if (!parsed.success) throw invalid(faultsIn(parsed.error, 'message'));
  const { type: _, id, ...changes } = parsed.data;
  return { id, changes };
}

function parseJson(message: string): unknown {
  if (message.length > MAX_CONTROL_MESSAGE) {
    throw invalid(`expected at most ${MAX_CONTROL_MESSAGE} characters, found ${message.length}`);
  }
  try {
    return JSON.parse(message);
  } catch (cause) {
    throw invalid('expected JSON', cause);
  }
}

function invalid(found: string, cause?: unknown): SightlineError {
  return new SightlineError('control-invalid', `Cannot take the message: ${found}`, { cause });
}

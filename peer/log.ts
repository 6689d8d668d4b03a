import { pino } from 'pino';

export type Logger = pino.Logger;

/** Structured log on stderr. SDP, tokens and keys never enter it, not even by mistake. */
export function createLogger(level: string, name: string): Logger {
  return pino(
    {
      level,
      name,
      redact: ['sdp', 'token', 'key', '*.sdp', '*.token', '*.key'],
      serializers: { error: pino.stdSerializers.err },
    },
    pino.destination({ dest: 2, sync: false }),
  );
}

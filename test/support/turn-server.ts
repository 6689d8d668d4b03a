import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync } from 'node:fs';

const PROGRAM = '/usr/bin/turnserver';

/** Whether Debian's coturn is here; where not, tests that need it skip, and say so. */
export const hasTurnServer = existsSync(PROGRAM);

export interface TurnServer {
  readonly port: number;
  close(): Promise<void>;
}

/** A real coturn on 127.0.0.1 that shares a secret with the server under test. */
export async function startTurnServer(secret: string): Promise<TurnServer> {
  const port = await freePort();
  const child = spawn(
    PROGRAM,
    [
      ...['-n', '--use-auth-secret', `--static-auth-secret=${secret}`, '--realm=test', '--no-cli'],
      ...['--listening-ip=127.0.0.1', '--relay-ip=127.0.0.1', `--listening-port=${port}`],
      ...['--allow-loopback-peers', '--no-tls', '--no-dtls', '--log-file=stdout', '--pidfile='],
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (/Total General servers/i.test(text)) resolve();
    });
    child.once('exit', (status) => reject(new Error(`coturn ended with ${status}`)));
  });
  return {
    port,
    close: async () => {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

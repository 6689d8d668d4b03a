/** The thread of a link: sockets, the two directions, and a timer that runs only while packets are on their way. */
import { setPriority } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { Direction, Endpoint, LinkCommands, LinkOptions, Reply, Request, Stretch } from './commands.ts';
import { Pipe } from './pipe.ts';
import { type Datagram, Relay } from './relay.ts';

const { up = {}, down = {}, seed = 1 }: LinkOptions = workerData;
const pipes: Record<Direction, Pipe<Datagram>> = {
  up: new Pipe(up, seed),
  // Another seed, lest both directions lose the same packets
  down: new Pipe(down, seed ^ 0x5bd1_e995),
};
const relays: Relay[] = [];
let timer: NodeJS.Timeout | undefined;

/**
 * Puts this thread before the codecs and models that it shares the cores with, where that is allowed. On Linux the
 * priority of process 0 is that of the calling thread alone (setpriority(2)).
 */
function hurry(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(0, -15);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SYSTEM_ERROR') throw error;
  }
}

/** Unix milliseconds that do not jump, the same in every thread of the process. */
function clock(): number {
  return performance.timeOrigin + performance.now();
}

function carry(direction: Direction, datagram: Datagram): void {
  pipes[direction].push(datagram, datagram.data.length, clock());
  deliver();
}

function deliver(): void {
  for (const pipe of Object.values(pipes)) {
    for (const { item } of pipe.take(clock())) {
      item.send((error) => {
        if (error) pipe.unsent(clock());
      });
    }
  }
  schedule();
}

/** A timer of 1 ms is the shortest there is; a longer one may run 1 ms early, and then runs again. */
function schedule(): void {
  clearTimeout(timer);
  const next = Math.min(pipes.up.nextAt(), pipes.down.nextAt());
  if (next !== Number.POSITIVE_INFINITY) timer = setTimeout(deliver, Math.max(1, Math.floor(next - clock())));
}

async function relay(target: Endpoint): Promise<Endpoint> {
  const opened = await Relay.open(target, carry);
  relays.push(opened);
  return opened.endpoint;
}

async function outage({ afterMs, lastsMs, directions }: LinkCommands['outage']['input']): Promise<Stretch> {
  const from = clock() + afterMs;
  const to = from + lastsMs;
  for (const direction of directions) pipes[direction].setOutage(from, to);
  for (let left = to - clock(); left > 0; left = to - clock()) await delay(Math.ceil(left));
  return { from, to };
}

async function answer(request: Request): Promise<unknown> {
  switch (request.name) {
    case 'relay':
      return relay(request.input);
    case 'set':
      pipes[request.input.direction].set(request.input.change, clock());
      return deliver();
    case 'outage':
      return outage(request.input);
    case 'stats':
      return { up: pipes.up.stats(), down: pipes.down.stats() };
    case 'close':
      clearTimeout(timer);
      for (const opened of relays) opened.close();
      return undefined;
  }
}

hurry();
parentPort?.on('message', (request: Request) => {
  const reply = (message: Reply) => parentPort?.postMessage(message);
  answer(request).then(
    (output) => reply({ id: request.id, output }),
    (error: unknown) => reply({ id: request.id, error }),
  );
});

import { readdirSync, readFileSync } from 'node:fs';

/** Ticks a second of the times in /proc/<pid>/stat (USER_HZ, which is 100 on every Linux that Node runs on). */
const TICKS_PER_SECOND = 100;

/** What a media peer calls its inference workers. */
const INFERENCE_THREAD = 'inference';

/** CPU seconds that one thread has used since it was started. */
interface ThreadTime {
  readonly tid: number;
  readonly name: string;
  readonly seconds: number;
}

/** What a process used between two moments, in shares of one core. */
export interface CpuShare {
  readonly total: number;
  /** Of that, what the inference workers of a media peer and the threads that they started used. */
  readonly inference: number;
}

/** Measures a process, thread by thread, from `open` to `read()`. */
export class ProcessCpu {
  readonly #pid: number;
  readonly #threads: Map<number, ThreadTime>;
  readonly #startedAt = performance.now();

  /** @param pid of a Linux process that we may look at */
  constructor(pid: number) {
    this.#pid = pid;
    this.#threads = new Map(threadTimes(pid).map((thread) => [thread.tid, thread]));
  }

  read(): CpuShare {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const used = threadTimes(this.#pid).map(({ tid, name, seconds: now }) => ({
      name,
      share: (now - (this.#threads.get(tid)?.seconds ?? 0)) / seconds,
    }));
    const sum = (threads: typeof used) => threads.reduce((all, { share }) => all + share, 0);
    return { total: sum(used), inference: sum(used.filter(({ name }) => name === INFERENCE_THREAD)) };
  }
}

/** Direct children of a process. */
export function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number);
}

/** Bytes of memory that a process holds. */
export function residentMemory(pid: number): number {
  const kibibytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kibibytes) * 1024;
}

function threadTimes(pid: number): ThreadTime[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((tid) => {
    const time = threadTime(pid, Number(tid));
    return time ? [time] : [];
  });
}

/** undefined for a thread that has ended meanwhile. */
function threadTime(pid: number, tid: number): ThreadTime | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/task/${tid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The name is in parentheses and may hold anything; user and system time are the 14th and 15th field.
  const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { tid, name, seconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND };
}

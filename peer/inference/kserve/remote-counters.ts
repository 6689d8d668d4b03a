/** What became of the runs that were meant for a server. */
export interface RemoteCounters {
  /** Answered by the server. */
  answered: number;
  /** Left to the model on this machine: the server failed, or is being left alone. */
  local: number;
  /** Runs asked for again. */
  retries: number;
  /** Answers that did not come in time. */
  timeouts: number;
  /** Connections that failed, and answers that the server could not do it. */
  failures: number;
  /** Answers that were not what protocol and manifest say. */
  invalid: number;
}

export function noRemoteRuns(): RemoteCounters {
  return { answered: 0, local: 0, retries: 0, timeouts: 0, failures: 0, invalid: 0 };
}

export function sumOf(all: readonly RemoteCounters[]): RemoteCounters {
  const sum = noRemoteRuns();
  for (const each of all) {
    for (const key of Object.keys(sum) as (keyof RemoteCounters)[]) sum[key] += each[key];
  }
  return sum;
}

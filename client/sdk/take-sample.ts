import { type StatsEntry, type StatsSample, statsSample } from './stats-sample.ts';

/** Takes a sample of a connection's statistics, at the time of `performance.now()`. */
export async function takeSample(pc: RTCPeerConnection): Promise<StatsSample> {
  const entries: StatsEntry[] = [];
  const report = await pc.getStats();
  report.forEach((entry: StatsEntry) => {
    entries.push(entry);
  });
  return statsSample(entries, performance.now());
}

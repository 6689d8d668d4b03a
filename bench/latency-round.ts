import { setTimeout as delay } from 'node:timers/promises';
import type { SessionDescription } from '../protocol/session.ts';
import { LoadReading } from './machine-load.ts';
import { mean, quantile } from './numbers.ts';
import type { ProbeReading } from './pages/probe.ts';
import type { ProbePage } from './probe-page.ts';
import { type CpuShare, ProcessCpu, residentMemory } from './process-cpu.ts';
import type { System } from './systems/system.ts';

/** Milliseconds of the way from glass to glass, one after the other; on average. */
export interface Stages {
  readonly 'browser encodes': number;
  readonly 'browser paces': number;
  readonly 'network and server': number;
  readonly 'jitter buffer': number;
  readonly 'browser decodes': number;
  readonly 'to the screen': number;
}

/** One system, measured once. */
export interface Round {
  readonly system: string;
  readonly label: string;
  /** `640×480`. */
  readonly size: string;
  /** Milliseconds. */
  readonly latency: { readonly p50: number; readonly p95: number; readonly p99: number };
  /** Latency at each hundredth of the frames, 0 to 100. */
  readonly distribution: readonly number[];
  readonly stages: Stages;
  /** Frames a second. */
  readonly shown: number;
  readonly decoded: number;
  /** Share of the frames of the camera that were not shown, and of those shown that could not be read. */
  readonly missed: number;
  readonly unreadable: number;
  /** Mbit/s. */
  readonly sent: number;
  readonly received: number;
  readonly totals: ProbeReading['totals'];
  /** Of the system's process, where it can be told from the browser's. */
  readonly cpu: CpuShare | undefined;
  /** Bytes. */
  readonly memory: number | undefined;
  readonly session: SessionDescription | undefined;
  /** Of the last second, milliseconds; where the server tells. */
  readonly eventLoopDelayP99: number | undefined;
  /** Load average, and cores that others than this benchmark used. */
  readonly loadAverage: number;
  readonly others: number;
}

export interface RoundOptions {
  readonly size: string;
  /** Bits a second, each way. */
  readonly maxBitrate: number;
  /** Given to bandwidth estimation and jitter buffer to settle. */
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/** Calls the system, lets the call settle, measures it, hangs up. */
export async function measureRound(probe: ProbePage, system: System, options: RoundOptions): Promise<Round> {
  const { pid, name, label, codec } = system;
  await probe.call(system, { codec, maxBitrate: options.maxBitrate });
  try {
    await delay(options.warmUpSeconds * 1000);
    await probe.read();
    const cpu = pid === undefined ? undefined : new ProcessCpu(pid);
    const load = new LoadReading();
    await delay(options.seconds * 1000);
    const reading = await probe.read();
    const { average: loadAverage, others } = load.read();
    return {
      system: name,
      label,
      size: options.size,
      ...summarize(reading),
      cpu: cpu?.read(),
      memory: pid === undefined ? undefined : residentMemory(pid),
      session: await system.describe(),
      eventLoopDelayP99: await system.eventLoopDelayP99(),
      loadAverage,
      others,
    };
  } finally {
    await probe.hangUp();
    await system.hangUp();
  }
}

function summarize(reading: ProbeReading) {
  const { latencies, totals, seconds, sent, unreadable } = reading;
  const shown = latencies.length + unreadable;
  const distribution = Array.from({ length: 101 }, (_, i) => round(quantile(latencies, i / 100)));
  const at = (share: number) => round(quantile(latencies, share));
  return {
    latency: { p50: at(0.5), p95: at(0.95), p99: at(0.99) },
    distribution,
    stages: stagesOf(reading),
    shown: shown / seconds,
    decoded: Number(totals['framesDecoded']) / seconds,
    missed: Math.max(0, 1 - shown / sent),
    unreadable: unreadable / Math.max(1, shown),
    sent: (Number(totals['bytesOut']) * 8) / seconds / 1e6,
    received: (Number(totals['bytesIn']) * 8) / seconds / 1e6,
    totals,
  };
}

/** The browser's own sums tell what it did; what they leave of the measured latency is the way through the server. */
function stagesOf({ latencies, afterArrival, totals }: ProbeReading): Stages {
  const perFrame = (name: string, frames: string) => (Number(totals[name]) / Number(totals[frames])) * 1000;
  const encode = perFrame('encodeSeconds', 'framesEncoded');
  const pace = perFrame('sendDelaySeconds', 'packetsOut');
  const decode = perFrame('decodeSeconds', 'framesDecoded');
  // The browser counts from the first packet of a frame; we, as it does elsewhere, from the last.
  const waited = perFrame('jitterBufferSeconds', 'jitterBufferFrames');
  const buffer = Math.max(0, waited - perFrame('assemblySeconds', 'framesDecoded'));
  const arrived = mean(afterArrival);
  return {
    'browser encodes': round(encode),
    'browser paces': round(pace),
    'network and server': round(mean(latencies) - arrived - encode - pace),
    'jitter buffer': round(buffer),
    'browser decodes': round(decode),
    'to the screen': round(arrived - buffer - decode),
  };
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}

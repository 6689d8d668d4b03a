/** The fields of the WebRTC statistics that are read here. Source: W3C webrtc-stats. */
export interface StatsEntry {
  id: string;
  type: string;
  kind?: string;
  codecId?: string;
  mimeType?: string;
  selectedCandidatePairId?: string;
  nominated?: boolean;
  selected?: boolean;
  /** Seconds. */
  currentRoundTripTime?: number;
  roundTripTime?: number;
  bytesSent?: number;
  bytesReceived?: number;
  packetsSent?: number;
  packetsReceived?: number;
  packetsLost?: number;
  framesSent?: number;
  framesDecoded?: number;
  frameWidth?: number;
  frameHeight?: number;
  qualityLimitationReason?: string;
  /** Seconds, summed over the frames that left the jitter buffer. */
  jitterBufferDelay?: number;
  jitterBufferEmittedCount?: number;
}

/** One direction of the video, all tracks together. Counters since the call began. */
export interface VideoCount {
  tracks: number;
  frames: number;
  bytes: number;
  packets: number;
  packetsLost: number;
  /** `VP8`, `H264`, …; null until known. */
  codec: string | null;
  /** Milliseconds that frames spent in the jitter buffer, summed over `bufferedFrames`. */
  bufferedMs: number;
  bufferedFrames: number;
  /** Pixels, of the first track; 0 until known. */
  width: number;
  height: number;
}

/** What one `getStats()` says of a call. */
export interface StatsSample {
  atMs: number;
  out: VideoCount;
  in: VideoCount;
  roundTripMs: number | null;
  /** Why the browser sends less than it could: `none`, `cpu`, `bandwidth` or `other`; null where it does not say. */
  qualityLimitation: string | null;
}

/** Boils the entries of a `getStats()` report down to what a call is judged by. */
export function statsSample(entries: readonly StatsEntry[], atMs: number): StatsSample {
  const outbound = entries.filter((entry) => entry.type === 'outbound-rtp' && entry.kind === 'video');
  const inbound = entries.filter((entry) => entry.type === 'inbound-rtp' && entry.kind === 'video');
  return {
    atMs,
    out: count(outbound, entries),
    in: count(inbound, entries),
    roundTripMs: roundTripMs(entries),
    qualityLimitation:
      outbound.find((entry) => entry.qualityLimitationReason)?.qualityLimitationReason ?? null,
  };
}

function count(streams: readonly StatsEntry[], entries: readonly StatsEntry[]): VideoCount {
  const [first] = streams;
  const codec = entries.find((entry) => entry.type === 'codec' && entry.id === first?.codecId);
  const sum = (read: (entry: StatsEntry) => number | undefined) =>
    streams.reduce((total, entry) => total + (read(entry) ?? 0), 0);
  return {
    tracks: streams.length,
    frames: sum((entry) => entry.framesSent ?? entry.framesDecoded),
    bytes: sum((entry) => entry.bytesSent ?? entry.bytesReceived),
    packets: sum((entry) => entry.packetsSent ?? entry.packetsReceived),
    packetsLost: sum((entry) => entry.packetsLost),
    bufferedMs: sum((entry) => entry.jitterBufferDelay) * 1000,
    bufferedFrames: sum((entry) => entry.jitterBufferEmittedCount),
    codec: codec?.mimeType?.replace(/^video\//i, '') ?? null,
    width: first?.frameWidth ?? 0,
    height: first?.frameHeight ?? 0,
  };
}

/** The path's own measure, else what the server's receiver reports say. */
function roundTripMs(entries: readonly StatsEntry[]): number | null {
  const transport = entries.find((entry) => entry.type === 'transport');
  const pairs = entries.filter((entry) => entry.type === 'candidate-pair');
  const pair =
    pairs.find((entry) => entry.id === transport?.selectedCandidatePairId) ??
    pairs.find((entry) => entry.selected) ??
    pairs.find((entry) => entry.nominated);
  const remote = entries.find((entry) => entry.type === 'remote-inbound-rtp' && entry.kind === 'video');
  const seconds = pair?.currentRoundTripTime ?? remote?.roundTripTime;
  return seconds === undefined ? null : seconds * 1000;
}

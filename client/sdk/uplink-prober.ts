import { ProbePlan } from './probe-plan.ts';

const LOOK_MS = 1000;
/** A way with more loss, or with more of a queue, is in use as it is. */
const MAX_LOSS = 0.01;
const MAX_WAIT_MS = 60;

/** Makes the browser find out soon when a way that was narrow for a while is wide again. `close()` ends it. */
export class UplinkProber {
  readonly #pc: RTCPeerConnection;
  readonly #plan = new ProbePlan();
  readonly #timer: ReturnType<typeof setInterval>;
  #quickestMs = Number.POSITIVE_INFINITY;

  constructor(pc: RTCPeerConnection) {
    this.#pc = pc;
    this.#timer = setInterval(() => void this.#look(), LOOK_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const { available, roundTripMs, loss } = await outgoing(this.#pc);
    // Only Chromium says, and only there it is needed.
    if (available === undefined || this.#pc.connectionState !== 'connected') return;
    this.#quickestMs = Math.min(this.#quickestMs, roundTripMs);
    const clean = loss < MAX_LOSS && roundTripMs < this.#quickestMs + MAX_WAIT_MS;
    const probe = this.#plan.update(available, clean, performance.now());
    if (probe) await Promise.all(this.#pc.getSenders().map((sender) => limit(sender, probe.maxBitrate)));
  }
}

interface Outgoing {
  /** Bits per second; undefined where the browser does not say. */
  available: number | undefined;
  roundTripMs: number;
  /** Share of packets that the server missed of late, 0 to 1. */
  loss: number;
}

async function outgoing(pc: RTCPeerConnection): Promise<Outgoing> {
  const found: Outgoing = { available: undefined, roundTripMs: 0, loss: 0 };
  const report = await pc.getStats();
  report.forEach((entry: OutgoingEntry) => {
    if (entry.type === 'candidate-pair' && entry.nominated && entry.availableOutgoingBitrate !== undefined) {
      found.available = entry.availableOutgoingBitrate;
      found.roundTripMs = (entry.currentRoundTripTime ?? 0) * 1000;
    }
    if (entry.type === 'remote-inbound-rtp') found.loss = Math.max(found.loss, entry.fractionLost ?? 0);
  });
  return found;
}

interface OutgoingEntry {
  type: string;
  nominated?: boolean;
  availableOutgoingBitrate?: number;
  currentRoundTripTime?: number;
  fractionLost?: number;
}

async function limit(sender: RTCRtpSender, maxBitrate: number | null): Promise<void> {
  if (sender.track?.kind !== 'video') return;
  const parameters = sender.getParameters();
  const [encoding] = parameters.encodings;
  if (encoding === undefined) return;
  if (maxBitrate === null) delete encoding.maxBitrate;
  else encoding.maxBitrate = maxBitrate;
  // Where a browser does not take it, its own pace has to do.
  await sender.setParameters(parameters).catch(() => undefined);
}

import { ProbePlan } from './probe-plan.ts';

const LOOK_MS = 1000;

/** Makes the browser find out soon when a way that was narrow for a while is wide again. `close()` ends it. */
export class UplinkProber {
  readonly #pc: RTCPeerConnection;
  readonly #plan = new ProbePlan();
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(pc: RTCPeerConnection) {
    this.#pc = pc;
    this.#timer = setInterval(() => void this.#look(), LOOK_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const available = await availableBitrate(this.#pc);
    // Only Chromium says, and only there it is needed.
    if (available === undefined || this.#pc.connectionState !== 'connected') return;
    const probe = this.#plan.update(available, performance.now());
    if (probe) await Promise.all(this.#pc.getSenders().map((sender) => limit(sender, probe.maxBitrate)));
  }
}

async function availableBitrate(pc: RTCPeerConnection): Promise<number | undefined> {
  let available: number | undefined;
  const report = await pc.getStats();
  report.forEach((entry: { type: string; nominated?: boolean; availableOutgoingBitrate?: number }) => {
    if (entry.type === 'candidate-pair' && entry.nominated) available ??= entry.availableOutgoingBitrate;
  });
  return available;
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

import type { Health } from '../../protocol/health.ts';

/** Share of one core that the media peer of a session took over the last second; undefined where nobody says. */
export async function peerCpu(url: URL, sessionId: string): Promise<number | undefined> {
  try {
    const response = await fetch(new URL('healthz', url), { cache: 'no-store' });
    const { peers } = (await response.json()) as Health;
    return peers.find(({ peerId }) => sessionId.startsWith(`${peerId}-`))?.cpu;
  } catch {
    return undefined; // the figure stays empty
  }
}

/** Sums that the browser keeps of a call, by our own names: seconds, bytes, frames; and words that hold now. */
export type StreamTotals = Record<string, number | string>;

const outbound = {
  bytesOut: 'bytesSent',
  packetsOut: 'packetsSent',
  framesEncoded: 'framesEncoded',
  encodeSeconds: 'totalEncodeTime',
  sendDelaySeconds: 'totalPacketSendDelay',
};
const inbound = {
  bytesIn: 'bytesReceived',
  packetsIn: 'packetsReceived',
  packetsLost: 'packetsLost',
  framesDecoded: 'framesDecoded',
  framesDropped: 'framesDropped',
  freezes: 'freezeCount',
  decodeSeconds: 'totalDecodeTime',
  jitterBufferSeconds: 'jitterBufferDelay',
  jitterBufferFrames: 'jitterBufferEmittedCount',
  assemblySeconds: 'totalAssemblyTime',
  processingSeconds: 'totalProcessingDelay',
};

/** Reads them of the one video stream each way (W3C webrtc-stats, sections 8.6 and 8.8). */
export async function pickStats(pc: RTCPeerConnection | undefined): Promise<StreamTotals> {
  const totals: StreamTotals = {};
  const report = await pc?.getStats();
  for (const stats of report?.values() ?? []) {
    if (stats.type === 'transport') totals['srtp'] = String(stats.srtpCipher);
    if (stats.kind !== 'video') continue;
    if (stats.type === 'outbound-rtp') {
      copy(stats, outbound, totals);
      totals['limitedBy'] = String(stats.qualityLimitationReason);
      totals['codecOut'] = String(report?.get(stats.codecId)?.mimeType);
      totals['sizeOut'] = `${stats.frameWidth}×${stats.frameHeight}`;
    }
    if (stats.type === 'inbound-rtp') {
      copy(stats, inbound, totals);
      totals['codecIn'] = String(report?.get(stats.codecId)?.mimeType);
      totals['sizeIn'] = `${stats.frameWidth}×${stats.frameHeight}`;
    }
  }
  return totals;
}

function copy(stats: Record<string, unknown>, names: Record<string, string>, totals: StreamTotals): void {
  for (const [name, source] of Object.entries(names)) totals[name] = Number(stats[source] ?? 0);
}

/** Milliseconds of one frame by the upper five bits of the first byte (RFC 6716, section 3.1, table 2). */
function frameMs(configuration: number): number {
  if (configuration < 12) return [10, 20, 40, 60][configuration % 4] ?? 20;
  if (configuration < 16) return configuration % 2 === 0 ? 10 : 20;
  return [2.5, 5, 10, 20][configuration % 4] ?? 20;
}

/** Seconds that a packet of Opus plays for (RFC 6716, section 3.1); 0 for one without a first byte. */
export function opusDuration(packet: Uint8Array): number {
  const [first, second = 0] = packet;
  if (first === undefined) return 0;
  const code = first & 0b11;
  const frames = code === 0 ? 1 : code === 3 ? second & 0b11_1111 : 2;
  return (frames * frameMs(first >> 3)) / 1000;
}

/**
 * Waits until the candidates of a connection are gathered, at most `timeoutMs`: those of this machine appear at once,
 * and a STUN or TURN server that does not answer must not hold the call up.
 * @throws the reason of the signal
 */
export async function gathered(
  pc: RTCPeerConnection,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const over = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]);
  await new Promise<void>((resolve) => {
    const settle = () => {
      if (pc.iceGatheringState !== 'complete' && !over.aborted) return;
      pc.removeEventListener('icegatheringstatechange', settle);
      resolve();
    };
    pc.addEventListener('icegatheringstatechange', settle);
    over.addEventListener('abort', settle, { once: true });
    settle();
  });
  signal?.throwIfAborted();
}

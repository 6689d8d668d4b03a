import { describe, expect, it } from 'vitest';
import { choosePeer, type PeerPlace } from '../../../signaling/peers/peer-choice.ts';

function place(peerId: string, overrides: Partial<PeerPlace> = {}): PeerPlace {
  const models = [{ id: 'yolox-nano', loaded: true, default: true }];
  return { peerId, models, taken: 0, maxSessions: 4, cpu: 0, ...overrides };
}

describe('choosePeer()', () => {
  it('takes the peer with the smallest share of its places taken', () => {
    const peers = [
      place('a', { taken: 2 }),
      place('b', { taken: 3, maxSessions: 12 }),
      place('c', { taken: 2 }),
    ];
    expect(choosePeer(peers, undefined).peerId).toBe('b');
  });

  it('takes the less busy of two equally full peers, and the first of two equal ones', () => {
    expect(choosePeer([place('a', { cpu: 0.9 }), place('b', { cpu: 0.2 })], undefined).peerId).toBe('b');
    expect(choosePeer([place('a'), place('b')], undefined).peerId).toBe('a');
  });

  it('passes over a peer that is emptier but does not have the model loaded', () => {
    const faces = { id: 'faces', loaded: true, default: false };
    const peers = [
      place('a', { models: [{ ...faces, loaded: false }] }),
      place('b', { taken: 3, models: [faces] }),
      place('c'),
    ];
    expect(choosePeer(peers, 'faces').peerId).toBe('b');
  });

  it('says no-peer when there is none, or none with a default model for a call that names no model', () => {
    const bare = place('a', { models: [{ id: 'faces', loaded: true, default: false }] });
    expect(() => choosePeer([], 'faces')).toThrow(
      expect.objectContaining({ code: 'no-peer', retryAfterSeconds: 1 }),
    );
    expect(() => choosePeer([bare], undefined)).toThrow(expect.objectContaining({ code: 'no-peer' }));
  });

  it('says model-unknown, listing the known ones, when no peer has the model', () => {
    const peers = [place('a'), place('b', { models: [{ id: 'faces', loaded: true, default: false }] })];
    expect(() => choosePeer(peers, 'cats')).toThrow(
      expect.objectContaining({
        code: 'model-unknown',
        message: expect.stringContaining('faces, yolox-nano'),
      }),
    );
  });

  it('says sessions-exhausted with a time to come back when every peer that has the model is full', () => {
    const peers = [place('a', { taken: 4 }), place('b', { taken: 5 })];
    expect(() => choosePeer(peers, undefined)).toThrow(
      expect.objectContaining({ code: 'sessions-exhausted', retryAfterSeconds: expect.any(Number) }),
    );
  });
});

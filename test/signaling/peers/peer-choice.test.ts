import { describe, expect, it } from 'vitest';
import { choosePeer, type PeerPlace } from '../../../signaling/peers/peer-choice.ts';

function place(peerId: string, overrides: Partial<PeerPlace> = {}): PeerPlace {
  const models = [{ id: 'yolox-nano', available: true, loaded: true, default: true }];
  return { peerId, models, taken: 0, maxSessions: 4, cpu: 0, ...overrides };
}

const faces = { id: 'faces', available: true, loaded: true, default: false };

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

  it('passes over a peer that is emptier but cannot use the model', () => {
    const peers = [
      place('a', { models: [{ ...faces, available: false, loaded: false }] }),
      place('b', { taken: 3, models: [faces] }),
      place('c'),
    ];
    expect(choosePeer(peers, 'faces').peerId).toBe('b');
  });

  it('takes a peer that has yet to load the model, but of equally full ones one that has it loaded', () => {
    const unloaded = { ...faces, loaded: false };
    const [a, b] = [place('a', { models: [unloaded] }), place('b', { models: [faces], cpu: 0.9 })];
    expect(choosePeer([a], 'faces').peerId).toBe('a');
    expect(choosePeer([a, b], 'faces').peerId).toBe('b');
    expect(choosePeer([a, { ...b, taken: 1 }], 'faces').peerId).toBe('a');
  });

  it('says no-peer when there is none, or none with a default model for a call that names no model', () => {
    const bare = place('a', { models: [faces] });
    const unloaded = place('b', { models: [{ ...faces, default: true, loaded: false }] });
    expect(() => choosePeer([], 'faces')).toThrow(
      expect.objectContaining({ code: 'no-peer', retryAfterSeconds: 1 }),
    );
    for (const peer of [bare, unloaded])
      expect(() => choosePeer([peer], undefined)).toThrow(expect.objectContaining({ code: 'no-peer' }));
  });

  it('says model-unknown, listing those that can be used, when no peer knows the model', () => {
    const peers = [place('a'), place('b', { models: [faces, { ...faces, id: 'hands', available: false }] })];
    expect(() => choosePeer(peers, 'cats')).toThrow(
      expect.objectContaining({
        code: 'model-unknown',
        message: expect.stringMatching(/expected one of faces, yolox-nano$/),
      }),
    );
  });

  it('says model-unavailable when peers know the model and none can use it', () => {
    const peer = place('a', { models: [faces, { ...faces, id: 'hands', available: false, loaded: false }] });
    expect(() => choosePeer([peer], 'hands')).toThrow(
      expect.objectContaining({
        code: 'model-unavailable',
        message: expect.stringContaining('expected one of faces, found one whose weights'),
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

import { describe, expect, it } from 'vitest';
import { SightlineError } from '../../protocol/errors.ts';
import { readConfig } from '../../signaling/config.ts';

function failure(environment: Record<string, string>): SightlineError {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof SightlineError) return error;
  }
  throw new Error('Expected readConfig() to refuse the environment');
}

describe('readConfig()', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      maxSessions: 8,
      offerTimeoutMs: 10_000,
      logLevel: 'warn',
      corsOrigins: [],
    });
    expect(readConfig({}).localPeers).toBeGreaterThanOrEqual(1);
    expect(readConfig({}).key).toBeUndefined();
  });

  it('reads every variable, and takes an empty one as absent', () => {
    const config = readConfig({
      HOST: '::1',
      PORT: '0',
      SIGHTLINE_PEERS: '3',
      SIGHTLINE_MAX_SESSIONS: '',
      SIGHTLINE_OFFER_TIMEOUT_MS: '250',
      SIGHTLINE_KEY: 'secret',
      SIGHTLINE_CORS_ORIGIN: 'https://a.example, http://localhost:5173',
    });
    expect(config).toMatchObject({
      host: '::1',
      port: 0,
      localPeers: 3,
      maxSessions: 8,
      offerTimeoutMs: 250,
      key: 'secret',
      corsOrigins: ['https://a.example', 'http://localhost:5173'],
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('reads STUN and TURN servers, and keeps the secret of TURN from media peers', () => {
    const { ice, peerEnvironment } = readConfig({
      SIGHTLINE_ICE_SERVERS: '[{"urls":"stun:stun.example"}]',
      SIGHTLINE_TURN_URLS: 'turn:a.example, turns:b.example:443?transport=tcp',
      SIGHTLINE_TURN_SECRET: 'north',
    });
    expect(ice).toEqual({
      fixed: [{ urls: ['stun:stun.example'] }],
      turn: {
        urls: ['turn:a.example', 'turns:b.example:443?transport=tcp'],
        secret: 'north',
        ttlSeconds: 43_200,
      },
      forPeers: false,
    });
    expect(peerEnvironment).not.toHaveProperty('SIGHTLINE_TURN_SECRET');
  });

  it.each([
    [{ SIGHTLINE_ICE_SERVERS: 'stun:stun.example' }, 'JSON array'],
    [{ SIGHTLINE_ICE_SERVERS: '{}' }, 'JSON array'],
    [{ SIGHTLINE_ICE_SERVERS: '[{"urls":"http://a.example"}]' }, 'stun:'],
    [{ SIGHTLINE_TURN_URLS: 'stun:a.example', SIGHTLINE_TURN_SECRET: 's' }, 'turn:'],
    [{ SIGHTLINE_TURN_URLS: 'turn:a.example' }, 'SIGHTLINE_TURN_SECRET together'],
    [{ SIGHTLINE_TURN_SECRET: 's' }, 'SIGHTLINE_TURN_URLS and'],
  ])('answers config-invalid to %j', (environment, expected) => {
    const { code, message } = failure(environment);
    expect(code).toBe('config-invalid');
    expect(message).toContain(expected);
  });

  it('names every bad variable at once, with what was expected and found', () => {
    const { code, message } = failure({
      PORT: '70000',
      SIGHTLINE_PEERS: 'many',
      SIGHTLINE_LOG_LEVEL: 'loud',
    });
    expect(code).toBe('config-invalid');
    expect(message).toContain('PORT: expected a whole number from 0 to 65535, found "70000"');
    expect(message).toContain('SIGHTLINE_PEERS: expected a whole number from 0 to 256, found "many"');
    expect(message).toContain('SIGHTLINE_LOG_LEVEL: expected one of fatal');
  });

  it.each([
    ['PORT', '80.5'],
    ['PORT', '-1'],
    ['PORT', '0x50'],
    ['HOST', 'http://localhost'],
    ['SIGHTLINE_MAX_SESSIONS', '0'],
    ['SIGHTLINE_OPEN', 'yes'],
    ['SIGHTLINE_CORS_ORIGIN', 'a.example'],
    ['SIGHTLINE_CORS_ORIGIN', 'https://a.example/path'],
  ])('refuses %s=%s', (name, value) => {
    expect(failure({ [name]: value }).message).toContain(`${name}: expected`);
  });

  it('never shows a secret', () => {
    const { message } = failure({ SIGHTLINE_KEY: 'two words', SIGHTLINE_PEER_TOKEN: 'odd\tword' });
    expect(message).toMatch(/SIGHTLINE_KEY: .*\n.*SIGHTLINE_PEER_TOKEN: /);
    expect(message).not.toMatch(/two words|odd/);
  });

  it('leaves variables that it does not know alone, and hands all but the key on to the peers', () => {
    const { peerEnvironment } = readConfig({ SIGHTLINE_MODELS_DIR: '/models', SIGHTLINE_KEY: 'secret' });
    expect(peerEnvironment).toEqual({ SIGHTLINE_MODELS_DIR: '/models' });
  });

  it.each(['0.0.0.0', '::', '192.168.1.4', 'camera.example'])('refuses HOST=%s without a key', (HOST) => {
    expect(failure({ HOST }).code).toBe('open-without-key');
    expect(failure({ HOST, SIGHTLINE_OPEN: '0' }).code).toBe('open-without-key');
    expect(readConfig({ HOST, SIGHTLINE_KEY: 'secret' }).host).toBe(HOST);
    expect(readConfig({ HOST, SIGHTLINE_OPEN: '1' }).host).toBe(HOST);
  });

  it.each(['127.0.0.1', '127.1.2.3', 'localhost', '::1'])('takes HOST=%s without a key', (HOST) => {
    expect(readConfig({ HOST }).host).toBe(HOST);
  });
});

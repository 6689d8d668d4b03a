import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../peer/config.ts';

const required = {
  SIGHTLINE_SIGNALING_URL: 'http://127.0.0.1:8080',
  SIGHTLINE_PEER_TOKEN: 'token',
  SIGHTLINE_PEER_ID: 'p1',
};

describe('readConfig() of the media peer', () => {
  it('offers media on this machine alone, at any port, without TCP, unless told otherwise', () => {
    expect(readConfig(required, '/cache').ice).toEqual({
      addresses: ['127.0.0.1'],
      publicAddress: undefined,
      ports: undefined,
      tcp: false,
      servers: [],
    });
  });

  it('reads how calls reach the network', () => {
    const { ice } = readConfig(
      {
        ...required,
        SIGHTLINE_MEDIA_ADDRESSES: '10.0.0.5, ::1',
        SIGHTLINE_MEDIA_PUBLIC_ADDRESS: '198.51.100.7',
        SIGHTLINE_MEDIA_PORTS: '40000-40003',
        SIGHTLINE_MEDIA_TCP: '1',
      },
      '/cache',
    );
    expect(ice).toMatchObject({ addresses: ['10.0.0.5', '::1'], publicAddress: '198.51.100.7', tcp: true });
    expect(ice.ports?.take(2)).toEqual([40_000, 40_001]);
  });

  it('chooses the codec by itself, unless told otherwise', () => {
    const environment = { ...required, SIGHTLINE_CODEC: 'ffmpeg', FFMPEG_PATH: '/opt/ffmpeg' };
    expect(readConfig(required, '/cache').codec).toEqual({ preference: 'auto', ffmpegPath: undefined });
    expect(readConfig(environment, '/cache').codec).toEqual({
      preference: 'ffmpeg',
      ffmpegPath: '/opt/ffmpeg',
    });
  });

  it('serves HTTP on this machine alone, and needs an address to tell where it listens everywhere', () => {
    expect(readConfig(required, '/cache').door).toEqual({ host: '127.0.0.1', port: 0, url: undefined });
    const everywhere = { ...required, SIGHTLINE_DOOR_HOST: '0.0.0.0', SIGHTLINE_DOOR_PORT: '9000' };
    expect(() => readConfig(everywhere, '/cache')).toThrow(/SIGHTLINE_DOOR_URL: expected the address/);
    const named = { ...everywhere, SIGHTLINE_DOOR_URL: 'http://peer-1.example:9000' };
    expect(readConfig(named, '/cache').door).toEqual({
      host: '0.0.0.0',
      port: 9000,
      url: 'http://peer-1.example:9000',
    });
  });

  it.each([
    ['SIGHTLINE_DOOR_HOST', 'localhost'],
    ['SIGHTLINE_DOOR_URL', 'ftp://peer-1.example'],
    ['SIGHTLINE_CODEC', 'gstreamer'],
    ['SIGHTLINE_MEDIA_ADDRESSES', 'localhost'],
    ['SIGHTLINE_MEDIA_ADDRESSES', ','],
    ['SIGHTLINE_MEDIA_PUBLIC_ADDRESS', 'media.example'],
    ['SIGHTLINE_MEDIA_PORTS', '40000'],
    ['SIGHTLINE_MEDIA_PORTS', '40100-40000'],
    ['SIGHTLINE_MEDIA_PORTS', '80-90'],
    ['SIGHTLINE_MEDIA_PORTS', '65000-70000'],
    ['SIGHTLINE_MEDIA_TCP', 'yes'],
    ['SIGHTLINE_SOURCE_DIR', '/nowhere/at/all'],
  ])('answers config-invalid to %s=%s, naming it', (name, value) => {
    expect(() => readConfig({ ...required, [name]: value }, '/cache')).toThrow(
      expect.objectContaining({ code: 'config-invalid', message: expect.stringContaining(name) }),
    );
  });

  it('lets callers name sources of the public Internet alone, and no file, unless told otherwise', () => {
    expect(readConfig(required, '/cache').sources).toEqual({
      schemes: ['rtsp', 'rtsps', 'rtmp', 'rtmps', 'http', 'https'],
      hosts: [],
      privateHosts: false,
      directory: undefined,
    });
    const environment = {
      ...required,
      SIGHTLINE_SOURCE_SCHEMES: 'rtsp',
      SIGHTLINE_SOURCE_HOSTS: '*.cameras.example, 10.0.0.7',
      SIGHTLINE_SOURCE_PRIVATE: '1',
      SIGHTLINE_SOURCE_DIR: tmpdir(),
    };
    expect(readConfig(environment, '/cache').sources).toEqual({
      schemes: ['rtsp'],
      hosts: ['*.cameras.example', '10.0.0.7'],
      privateHosts: true,
      directory: tmpdir(),
    });
    const lavfi = { ...required, SIGHTLINE_SOURCE_SCHEMES: 'rtsp,lavfi' };
    expect(() => readConfig(lavfi, '/cache')).toThrow(/SIGHTLINE_SOURCE_SCHEMES: expected some of rtsp/);
  });

  it('runs models on the processor of this machine, unless told otherwise', () => {
    expect(readConfig(required, '/cache').inferenceBackend).toEqual({ provider: 'cpu', kserve: undefined });
    const environment = {
      ...required,
      SIGHTLINE_EXECUTION_PROVIDER: 'cuda',
      SIGHTLINE_KSERVE_URL: 'http://triton:8000',
    };
    expect(readConfig(environment, '/cache').inferenceBackend).toEqual({
      provider: 'cuda',
      kserve: { url: 'http://triton:8000', timeoutMs: 300 },
    });
  });

  it.each(['https://triton', 'grpc://triton:8001', 'grpcs://triton'])('takes a server at %s', (url) => {
    const { inferenceBackend } = readConfig({ ...required, SIGHTLINE_KSERVE_URL: url }, '/cache');
    expect(inferenceBackend.kserve?.url).toBe(url);
  });

  it.each([
    ['SIGHTLINE_EXECUTION_PROVIDER', 'abacus'],
    ['SIGHTLINE_KSERVE_URL', 'ftp://triton:8001'],
    ['SIGHTLINE_KSERVE_TIMEOUT_MS', '0'],
  ])('refuses %s=%s and names it', (name, value) => {
    expect(() => readConfig({ ...required, [name]: value }, '/cache')).toThrow(name);
  });
});

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

  it.each([
    ['SIGHTLINE_CODEC', 'gstreamer'],
    ['SIGHTLINE_MEDIA_ADDRESSES', 'localhost'],
    ['SIGHTLINE_MEDIA_ADDRESSES', ','],
    ['SIGHTLINE_MEDIA_PUBLIC_ADDRESS', 'media.example'],
    ['SIGHTLINE_MEDIA_PORTS', '40000'],
    ['SIGHTLINE_MEDIA_PORTS', '40100-40000'],
    ['SIGHTLINE_MEDIA_PORTS', '80-90'],
    ['SIGHTLINE_MEDIA_PORTS', '65000-70000'],
    ['SIGHTLINE_MEDIA_TCP', 'yes'],
  ])('answers config-invalid to %s=%s, naming it', (name, value) => {
    expect(() => readConfig({ ...required, [name]: value }, '/cache')).toThrow(
      expect.objectContaining({ code: 'config-invalid', message: expect.stringContaining(name) }),
    );
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

  it.each([
    ['SIGHTLINE_EXECUTION_PROVIDER', 'abacus'],
    ['SIGHTLINE_KSERVE_URL', 'grpc://triton:8001'],
    ['SIGHTLINE_KSERVE_TIMEOUT_MS', '0'],
  ])('refuses %s=%s and names it', (name, value) => {
    expect(() => readConfig({ ...required, [name]: value }, '/cache')).toThrow(name);
  });
});

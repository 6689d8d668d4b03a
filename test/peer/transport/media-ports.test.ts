import { describe, expect, it } from 'vitest';
import { expectBindable, MediaPorts } from '../../../peer/transport/media-ports.ts';

describe('MediaPorts', () => {
  it('take() hands out blocks that do not overlap until none is left', () => {
    const ports = new MediaPorts([40_000, 40_004]);
    expect([ports.take(2), ports.take(2)]).toEqual([
      [40_000, 40_001],
      [40_002, 40_003],
    ]);
    expect(() => ports.take(2)).toThrow(expect.objectContaining({ code: 'sessions-exhausted' }));
    expect(ports.take(1)).toEqual([40_004, 40_004]);
  });

  it('take() lets a port rest that was just given back', () => {
    const ports = new MediaPorts([40_000, 40_003]);
    ports.give(ports.take(1));
    expect(ports.take(1)).toEqual([40_001, 40_001]);
    ports.take(2);
    expect(ports.take(1)).toEqual([40_000, 40_000]);
  });

  it('take() leaves no gaps when it goes round', () => {
    const ports = new MediaPorts([40_000, 40_004]);
    ports.give(ports.take(2));
    ports.take(2);
    expect(ports.take(2)).toEqual([40_000, 40_001]);
    expect(() => ports.take(2)).toThrow();
  });

  it('take() refuses more ports than there are', () => {
    expect(() => new MediaPorts([40_000, 40_001]).take(3)).toThrow(
      expect.objectContaining({ code: 'sessions-exhausted' }),
    );
  });
});

describe('expectBindable()', () => {
  it('takes addresses of this machine', async () => {
    await expect(expectBindable(['127.0.0.1'])).resolves.toBeUndefined();
  });

  it('answers config-invalid to an address that is not of this machine', async () => {
    await expect(expectBindable(['127.0.0.1', '203.0.113.77'])).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining('203.0.113.77'),
    });
  });
});

import { describe, expect, it } from 'vitest';
import { type ControlChannel, ControlLink } from '../../../client/sdk/control-link.ts';
import type { ControlReply } from '../../../protocol/control.ts';
import type { CurrentSettings } from '../../../protocol/session.ts';

const current: CurrentSettings = {
  task: 'pose',
  model: 'movenet-lightning',
  threshold: 0.35,
  tasks: [{ task: 'pose', model: 'movenet-lightning', threshold: 0.35 }],
  output: 'annotated',
  sync: 'live',
  effects: {},
  zones: [],
};

/** A data channel without a connection: keeps what is sent, and is told what comes. */
class LoneChannel extends EventTarget implements ControlChannel {
  readyState: RTCDataChannelState = 'connecting';
  readonly sent: { id: number }[] = [];

  send(message: unknown): void {
    if (this.readyState !== 'open') throw new DOMException('Not open', 'InvalidStateError');
    this.sent.push(JSON.parse(String(message)));
  }

  open(): void {
    this.readyState = 'open';
    this.dispatchEvent(new Event('open'));
  }

  close(): void {
    this.readyState = 'closed';
    this.dispatchEvent(new Event('close'));
  }

  receive(data: ControlReply | string): void {
    const text = typeof data === 'string' ? data : JSON.stringify(data);
    this.dispatchEvent(new MessageEvent('message', { data: text }));
  }
}

function linked(timeoutMs?: number): { channel: LoneChannel; link: ControlLink } {
  const channel = new LoneChannel();
  return { channel, link: new ControlLink(channel, timeoutMs) };
}

describe('ControlLink', () => {
  it('configure() resolves with the settings that the server answers with', async () => {
    const { channel, link } = linked();
    channel.open();
    const changed = link.configure({ task: 'pose' });
    expect(channel.sent).toEqual([{ type: 'configure', id: 1, task: 'pose' }]);
    channel.receive({ type: 'configured', id: 1, ...current });
    await expect(changed).resolves.toEqual(current);
  });

  it('configure() waits for the channel to open, and sends in order', async () => {
    const { channel, link } = linked();
    const changes = [link.configure({ task: 'pose' }), link.configure({ sync: 'exact' })];
    expect(channel.sent).toEqual([]);
    channel.open();
    expect(channel.sent).toMatchObject([{ task: 'pose' }, { sync: 'exact' }]);
    for (const { id } of channel.sent) channel.receive({ type: 'configured', id, ...current });
    await expect(Promise.all(changes)).resolves.toHaveLength(2);
  });

  it('gives each change its own answer, in whatever order they come', async () => {
    const { channel, link } = linked();
    channel.open();
    const [first, second] = [link.configure({ task: 'pose' }), link.configure({ model: 'none' })];
    channel.receive({ type: 'error', id: 2, code: 'model-unknown', detail: 'Found none' });
    channel.receive({ type: 'configured', id: 1, ...current });
    await expect(first).resolves.toEqual(current);
    await expect(second).rejects.toMatchObject({
      name: 'CallError',
      code: 'model-unknown',
      advice: expect.stringContaining('Found none'),
    });
  });

  it('configure() rejects when no answer comes in time', async () => {
    const { channel, link } = linked(1);
    channel.open();
    await expect(link.configure({})).rejects.toMatchObject({ code: 'settings-timeout' });
  });

  it('rejects what waits when the channel closes, and what comes after', async () => {
    const { channel, link } = linked();
    const waiting = link.configure({ task: 'pose' });
    channel.close();
    await expect(waiting).rejects.toMatchObject({ code: 'call-over' });
    await expect(link.configure({})).rejects.toMatchObject({ code: 'call-over' });
  });

  it('refuses more changes than may wait', async () => {
    const { channel, link } = linked();
    const waiting = Array.from({ length: 32 }, () => link.configure({}));
    await expect(link.configure({})).rejects.toMatchObject({ code: 'settings-timeout' });
    channel.close();
    expect(new Set((await Promise.allSettled(waiting)).map(({ status }) => status))).toEqual(
      new Set(['rejected']),
    );
  });

  it.each(['{', 'null', '[]', '{"type":"notice","code":"feedback-missing"}', '{"type":"configured","id":7}'])(
    'takes no notice of %s',
    async (message) => {
      const { channel, link } = linked();
      channel.open();
      const changed = link.configure({});
      channel.receive(message);
      channel.receive({ type: 'configured', id: 1, ...current });
      await expect(changed).resolves.toEqual(current);
    },
  );

  it('onNotice() tells of what the server says unasked, and of nothing else', () => {
    const { channel, link } = linked();
    const told: string[] = [];
    link.onNotice(({ code }) => told.push(code));
    channel.open();
    channel.receive(JSON.stringify({ type: 'notice', code: 'feedback-missing', detail: 'none' }));
    for (const other of ['null', '5', '"notice"', '{"type":"other"}', 'notice']) channel.receive(other);
    expect(told).toEqual(['feedback-missing']);
  });
});

import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { CallerEvents } from '../../../client/page/caller.ts';
import { LiveChanges } from '../../../client/page/live-changes.ts';
import { Settings } from '../../../client/page/settings.ts';
import type { Call } from '../../../client/sdk/call.ts';
import { CallError } from '../../../client/sdk/call-error.ts';
import { Emitter } from '../../../client/sdk/emitter.ts';
import type { LiveSettings } from '../../../protocol/session.ts';

class LoneCaller extends Emitter<CallerEvents> {
  /** Changes that the server was told of, with the way to answer each. */
  readonly told: { changes: LiveSettings; take: () => void; refuse: (error: CallError) => void }[] = [];

  begin(): void {
    this.emit('phase', { name: 'calling' });
    const configure = (changes: LiveSettings) =>
      new Promise<void>((take, refuse) => this.told.push({ changes, take, refuse }));
    this.emit('call', { configure } as unknown as Call);
  }

  end(): void {
    this.emit('call', null);
  }
}

function started(): { caller: LoneCaller; settings: Settings; refused: string[] } {
  const caller = new LoneCaller();
  const settings = new Settings();
  const refused: string[] = [];
  new LiveChanges(caller, settings, ({ code }) => refused.push(code));
  return { caller, settings, refused };
}

describe('LiveChanges', () => {
  it('tells nothing of what the call began with', () => {
    const { caller, settings } = started();
    settings.change({ sync: 'exact' });
    caller.begin();
    expect(caller.told).toEqual([]);
  });

  it('has one change on its way, and then sends only the newest', async () => {
    const { caller, settings } = started();
    caller.begin();
    for (const threshold of [0.5, 0.6, 0.7]) settings.changeTask({ threshold });
    expect(caller.told.map(({ changes }) => changes.tasks)).toEqual([[{ threshold: 0.5 }]]);
    caller.told[0]?.take();
    await turn();
    expect(caller.told.slice(1).map(({ changes }) => changes.tasks)).toEqual([[{ threshold: 0.7 }]]);
    caller.told[1]?.take();
    await turn();
    expect(caller.told).toHaveLength(2);
  });

  it('takes back what the server refuses, and says so', async () => {
    const { caller, settings, refused } = started();
    caller.begin();
    settings.changeTask({ threshold: 0.6 });
    caller.told[0]?.take();
    await turn();
    settings.chooseModel('none');
    caller.told[1]?.refuse(new CallError('model-unknown', { title: '', advice: '' }));
    await turn();
    expect(settings.task).toMatchObject({ model: undefined, threshold: 0.6 });
    expect(refused).toEqual(['model-unknown']);
    expect(caller.told).toHaveLength(2);
  });

  it('keeps what was chosen when the call ends meanwhile', async () => {
    const { caller, settings, refused } = started();
    caller.begin();
    settings.change({ faces: 'blur' });
    caller.end();
    caller.told[0]?.refuse(new CallError('call-over', { title: '', advice: '' }));
    await turn();
    expect(settings.choices.faces).toBe('blur');
    expect(refused).toEqual([]);
  });
});

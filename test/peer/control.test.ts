import { describe, expect, it } from 'vitest';
import { answerControl } from '../../peer/control.ts';
import { SightlineError } from '../../protocol/errors.ts';
import type { LiveSettings } from '../../protocol/session.ts';
import { currentSettings } from '../support/fake-peer.ts';

function configured() {
  const changes: LiveSettings[] = [];
  const answer = (message: string) =>
    answerControl(message, async (change) => {
      changes.push(change);
      return currentSettings({ threshold: 0.5, output: 'data' });
    });
  return { changes, answer };
}

describe('answerControl()', () => {
  it('applies the settings and answers with those that hold, under the id of the message', async () => {
    const { changes, answer } = configured();
    expect(await answer('{"type":"configure","id":7,"output":"data"}')).toMatchObject({
      type: 'configured',
      id: 7,
      threshold: 0.5,
      output: 'data',
    });
    expect(changes).toEqual([{ output: 'data' }]);
  });

  it('says under the id of the message what cannot be', async () => {
    const refused = await answerControl('{"type":"configure","id":"a"}', async () => {
      throw new SightlineError('tasks-invalid', 'Cannot use the tasks');
    });
    expect(refused).toEqual({
      type: 'error',
      id: 'a',
      code: 'tasks-invalid',
      detail: 'Cannot use the tasks',
    });
  });

  it.each([
    ['not JSON', 'hello'],
    ['another type', '{"type":"hello"}'],
    ['a threshold out of range', '{"type":"configure","threshold":2}'],
    ['an output that is none', '{"type":"configure","output":"hologram"}'],
    ['a field that is none', '{"type":"configure","colour":"red"}'],
    ['too long', `{"type":"configure","id":"${'x'.repeat(20_000)}"}`],
    ['an array', '[]'],
    ['nothing', ''],
  ])('refuses a message that is %s, and changes nothing', async (_title, message) => {
    const { changes, answer } = configured();
    expect(await answer(message)).toMatchObject({ type: 'error', code: 'control-invalid' });
    expect(changes).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { answerControl } from '../../peer/control.ts';
import type { LiveSettings } from '../../protocol/session.ts';

function configured() {
  const changes: LiveSettings[] = [];
  const answer = (message: string) =>
    answerControl(message, (change) => {
      changes.push(change);
      return { threshold: 0.5, output: 'data' };
    });
  return { changes, answer };
}

describe('answerControl()', () => {
  it('applies the settings and answers with those that hold, under the id of the message', () => {
    const { changes, answer } = configured();
    expect(answer('{"type":"configure","id":7,"output":"data"}')).toEqual({
      type: 'configured',
      id: 7,
      threshold: 0.5,
      output: 'data',
    });
    expect(changes).toEqual([{ output: 'data' }]);
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
  ])('refuses a message that is %s, and changes nothing', (_title, message) => {
    const { changes, answer } = configured();
    expect(answer(message)).toMatchObject({ type: 'error', code: 'control-invalid' });
    expect(changes).toEqual([]);
  });
});

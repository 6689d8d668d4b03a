import { describe, expect, it } from 'vitest';
import { ModelNotices } from '../../../peer/pipeline/model-notices.ts';
import type { ControlNotice } from '../../../protocol/control.ts';
import { SightlineError } from '../../../protocol/errors.ts';

const detector = { id: 'yolox-nano', task: 'detect' } as const;
const masks = { id: 'selfie-segmentation', task: 'segment' } as const;

describe('ModelNotices.update()', () => {
  it('tells once of each model that fails, and once that it works again, however many tracks say so', () => {
    const sent: ControlNotice[] = [];
    const notices = new ModelNotices((notice) => sent.push(notice));
    const cause = new SightlineError('backend-timeout', 'Cannot call grpc://10.0.0.1');
    notices.update(detector, 'working');
    notices.update(detector, 'failing', cause);
    notices.update(detector, 'failing', cause);
    notices.update(masks, 'failing', new Error('anything'));
    notices.update(detector, 'working');
    notices.update(detector, 'working');
    expect(sent).toMatchObject([
      { type: 'notice', code: 'model-failing', task: 'detect', model: 'yolox-nano' },
      { type: 'notice', code: 'model-failing', task: 'segment', model: 'selfie-segmentation' },
      { type: 'notice', code: 'model-recovered', task: 'detect', model: 'yolox-nano' },
    ]);
    expect(sent.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^Cannot run the model yolox-nano: .+ found backend-timeout again and again/),
      expect.stringContaining('found inference-failed'),
      'The model yolox-nano has results again',
    ]);
    expect(JSON.stringify(sent)).not.toContain('10.0.0.1');
  });
});

import { describe, expect, it } from 'vitest';
import { OutputSwitch } from '../../../peer/pipeline/output-switch.ts';

const frame = (timestamp: number, keyframe = false) => ({ timestamp, keyframe });

describe('OutputSwitch', () => {
  it('annotates from the start, and forwards nothing', () => {
    const output = new OutputSwitch('annotated');
    expect(output.forwards(frame(0, true))).toBe(false);
    expect(output.annotates(0)).toBe(true);
  });

  it('goes on annotating until the camera sends the key frame that its own picture begins with', () => {
    const output = new OutputSwitch('annotated');
    expect(output.set('passthrough')).toEqual({ cameraKeyframe: true, encoderKeyframe: false });
    expect([output.forwards(frame(3000)), output.annotates(3000)]).toEqual([false, true]);
    expect([output.forwards(frame(6000, true)), output.annotates(6000)]).toEqual([true, false]);
    expect(output.forwards(frame(9000))).toBe(true);
  });

  it('annotates again at once, with a key frame, and never sends a timestamp that was sent', () => {
    const output = new OutputSwitch('passthrough');
    expect(output.forwards(frame(3000, true))).toBe(true);
    output.sent(3000);
    expect(output.set('annotated')).toEqual({ cameraKeyframe: false, encoderKeyframe: true });
    expect([output.annotates(3000), output.annotates(6000)]).toEqual([false, true]);
  });

  it('knows later from earlier across the wrap of the timestamp', () => {
    const output = new OutputSwitch('passthrough');
    output.sent(0xffff_fff0);
    expect(output.forwards(frame(0x0000_0100, true))).toBe(true);
    expect(output.forwards(frame(0xffff_ff00))).toBe(false);
  });

  it('sends nothing while results alone are wanted', () => {
    const output = new OutputSwitch('annotated');
    output.set('data');
    expect([output.forwards(frame(0, true)), output.annotates(0)]).toEqual([false, false]);
  });

  it('asks for nothing when nothing changes', () => {
    const output = new OutputSwitch('annotated');
    expect(output.set('annotated')).toEqual({ cameraKeyframe: false, encoderKeyframe: false });
  });
});

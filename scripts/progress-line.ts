import type { ModelProgress } from '../models/sources.ts';

const WIDTH = 24;

/** Draws progress as one line that is written over; on anything but a terminal, one line for each quarter. */
export function progressLine(out: NodeJS.WriteStream): (progress: ModelProgress) => void {
  let shown = '';
  return ({ model, step, done, total }) => {
    const share = total > 0 ? Math.min(1, done / total) : 0;
    const steps = out.isTTY ? 100 : 4;
    const key = `${model} ${step} ${Math.floor(share * steps)}`;
    if (key === shown) return;
    shown = key;
    const filled = Math.round(share * WIDTH);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}`;
    const end = out.isTTY && share < 1 ? '\r' : '\n';
    out.write(`  ${step} ${model} ${bar} ${Math.round(share * 100)} %${end}`);
  };
}

import { benchCall } from './call.ts';
import { benchDoors } from './doors.ts';
import { benchDrawing } from './drawing.ts';
import { benchExact } from './exact.ts';
import { benchFiles } from './files.ts';
import { benchFuzz } from './fuzz.ts';
import { benchImpaired } from './impaired.ts';
import { benchInfer } from './infer.ts';
import { benchLatency } from './latency.ts';
import { benchLipSync } from './lip-sync.ts';
import { benchScheduling } from './scheduling.ts';
import { benchSoak } from './soak.ts';
import { benchViewers } from './viewers.ts';
import { benchVision } from './vision.ts';

const benchmarks: Record<string, (args: string[]) => Promise<void>> = {
  call: benchCall,
  doors: benchDoors,
  drawing: benchDrawing,
  exact: benchExact,
  files: benchFiles,
  fuzz: benchFuzz,
  impaired: benchImpaired,
  infer: benchInfer,
  latency: benchLatency,
  'lip-sync': benchLipSync,
  scheduling: benchScheduling,
  soak: benchSoak,
  viewers: benchViewers,
  vision: benchVision,
};

const [name = '', ...args] = process.argv.slice(2).filter((arg) => arg !== '--');
const benchmark = benchmarks[name];
if (!benchmark) {
  console.error(`Usage: npm run bench -- ${Object.keys(benchmarks).join('|')}`);
  process.exit(64);
}
// What a benchmark has started ends with it, however it ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
await benchmark(args);
// Callers without a browser leave sockets of the WebRTC library open for a while.
process.exit();

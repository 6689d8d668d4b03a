import { benchCall } from './call.ts';

const benchmarks: Record<string, (args: string[]) => Promise<void>> = { call: benchCall };

const [name = '', ...args] = process.argv.slice(2).filter((arg) => arg !== '--');
const benchmark = benchmarks[name];
if (!benchmark) {
  console.error(`Usage: npm run bench -- ${Object.keys(benchmarks).join('|')}`);
  process.exit(64);
}
await benchmark(args);

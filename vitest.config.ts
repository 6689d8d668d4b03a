import { defineConfig } from 'vitest/config';
import { CountReporter } from './test/support/count-reporter.ts';

/** Mostly wait for a time-out of the network: together they take no longer than the longest of them. */
const patient = ['test/cli/doctor/{local,server}.test.ts', 'test/integration/vanished.test.ts'];

/** Measure how late or how many, and so have the machine to themselves. */
const alone = [
  'test/impaired/*.test.ts',
  'test/fuzz/*.test.ts',
  'test/e2e/{call,lip-sync}.test.ts',
  'test/integration/{audio,call,whep}.test.ts',
  'test/interop/chromium.test.ts',
  'test/peer/codec/bitrate.test.ts',
  'test/peer/inference/*.test.ts',
];

/** Those of a project are run together by so many workers, and the projects one after the other. */
function project(name: string, include: string[], exclude: string[], maxWorkers: number, groupOrder: number) {
  return { extends: true as const, test: { name, include, exclude, maxWorkers, sequence: { groupOrder } } };
}

export default defineConfig({
  test: {
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ['default', new CountReporter()],
    projects: [
      project('patient', patient, [], 3, 1),
      // Real browsers, codecs and models: two files at a time are what two cores carry.
      project('shared', ['test/**/*.test.ts'], [...patient, ...alone], 2, 2),
      project('alone', alone, [], 1, 3),
    ],
  },
});

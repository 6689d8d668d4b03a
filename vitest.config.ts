import { defineConfig } from 'vitest/config';
import { CountReporter } from './test/support/count-reporter.ts';

/** Mostly wait for a time-out of the network: together they take no longer than the longest of them. */
const patient = [
  'test/cli/doctor/{local,server}.test.ts',
  'test/integration/vanished.test.ts',
  'test/impaired/turn.test.ts',
];

export default defineConfig({
  test: {
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ['default', new CountReporter()],
    projects: [
      {
        extends: true,
        test: { name: 'patient', include: patient, maxWorkers: 5, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: {
          name: 'real',
          include: ['test/**/*.test.ts'],
          exclude: patient,
          // Real browsers, codecs and models share two cores: files run one after the other.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});

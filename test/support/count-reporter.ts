import type { Reporter, TestModule } from 'vitest/node';

/** Ends the output with one plain line of counts, for whoever reads only the last line. */
export class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts = { passed: 0, failed: errors.length, skipped: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state !== 'pending') counts[state]++;
      }
      if (module.errors().length > 0) counts.failed++;
      // Whose hooks failed: its tests were never run, and count as skipped.
      for (const suite of module.children.allSuites()) if (suite.errors().length > 0) counts.failed++;
    }
    // After the summary of the default reporter, which is written at the same event.
    setImmediate(() => {
      if (counts.skipped > 0) console.log(`${counts.skipped} skipped: see above which, and what they need`);
      console.log(`${counts.passed} passed, ${counts.failed} failed`);
    });
  }
}

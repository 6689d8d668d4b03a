// The commands of package.json: sets up what is missing, then does the work on the pinned Node.
import { join } from 'node:path';
import { node, root, run } from './program.mjs';
import { findBrowser, setUp, setUpBrowser, setUpModel, setUpPackages } from './setup.mjs';

const [task, ...args] = process.argv.slice(2);
const tasks = {
  start: async () => {
    await setUp();
    await run(node, ['signaling/main.ts', ...args]);
  },
  test: async () => {
    await setUp();
    await setUpBrowser();
    await run(node, ['node_modules/vitest/vitest.mjs', 'run', ...args]);
  },
  bench: async () => {
    await setUp();
    await setUpBrowser();
    await run(node, ['bench/main.ts', ...args]);
  },
  sightline: async () => {
    await setUpPackages();
    // Why page and model cannot be had is for the doctor to say.
    if (args[0] === 'serve') await setUp();
    else if (args[0] === 'infer' || args[0] === 'peer') await setUpModel();
    // Names of files are those of the folder that npm was called in.
    await run(node, [join(root, 'cli/main.ts'), ...args], { cwd: process.env.INIT_CWD ?? process.cwd() });
  },
  setup: async () => {
    await setUp();
    await setUpBrowser();
    console.log(`everything is set up; the tests use ${findBrowser()}`);
  },
};

if (!Object.hasOwn(tasks, task)) {
  console.error(`Usage: node scripts/run.mjs ${Object.keys(tasks).join('|')}`);
  process.exit(64);
}
tasks[task]().catch((error) => {
  // A program that failed has said why itself.
  if (error.exitCode === undefined) console.error(error.message);
  process.exit(error.exitCode ?? 1);
});

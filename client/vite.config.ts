import { join } from 'node:path';
import { build, defineConfig, type Plugin } from 'vite';

const target = 'es2022';

/** `embed.js`: one classic script for pages of others, which a module or a second file could not be. */
function embed(): Plugin {
  let outDir = 'dist';
  return {
    name: 'embed',
    apply: 'build',
    configResolved: ({ build: { outDir: chosen } }) => {
      outDir = chosen;
    },
    closeBundle: async () => {
      await build({
        configFile: false,
        root: import.meta.dirname,
        logLevel: 'warn',
        build: {
          target,
          outDir,
          emptyOutDir: false,
          lib: {
            entry: 'embed/main.ts',
            formats: ['iife'],
            name: 'sightlineEmbed',
            fileName: () => 'embed.js',
          },
        },
      });
    },
  };
}

/** The pages as static files: nothing inline, addresses relative to where they are served. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: ['index.html', 'compare.html'].map((page) => join(import.meta.dirname, page)) },
  },
  plugins: [embed()],
});

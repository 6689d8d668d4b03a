import { defineConfig } from 'vite';

/** The page as static files: one script and one style sheet, nothing inline, addresses relative to where it is served. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
  },
});

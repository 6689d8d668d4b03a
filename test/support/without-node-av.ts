/** Preloaded: makes node-av fail to import, as where it has no binary for the platform. */
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier.startsWith('node-av')) throw new Error('node-av has no binary for this platform');
    return nextResolve(specifier, context);
  },
});

/** Loads the inference library and the model named, runs it once, and writes what came of it as JSON. */
import { dirname } from 'node:path';
import { catalogue, findModel } from '../../../models/catalogue.ts';
import { readOwnModel } from '../../../models/own-manifest.ts';
import { Network } from '../../../peer/inference/network.ts';
import { runtimeInfo } from '../../../peer/inference/runtime-info.ts';

const [id, path] = process.argv.slice(2);
if (id !== undefined && path !== undefined) {
  // Of two models that work together, the first alone: the path is its own.
  const isListed = catalogue.some((entry) => entry.id === id);
  const { second: _, ...manifest } = isListed ? findModel(id) : (await readOwnModel(dirname(path))).manifest;
  await Network.load({ manifest, path, threads: 1 });
}
process.stdout.write(JSON.stringify(runtimeInfo()));

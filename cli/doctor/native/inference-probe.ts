/** Loads the inference library and the model named, runs it once, and writes what came of it as JSON. */
import { findModel } from '../../../models/catalogue.ts';
import { Network } from '../../../peer/inference/network.ts';
import { runtimeInfo } from '../../../peer/inference/runtime-info.ts';

const [id, path] = process.argv.slice(2);
if (id !== undefined && path !== undefined) await Network.load({ manifest: findModel(id), path, threads: 1 });
process.stdout.write(JSON.stringify(runtimeInfo()));

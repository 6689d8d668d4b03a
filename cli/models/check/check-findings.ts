import { basename, dirname, join } from 'node:path';
import type { ModelManifest } from '../../../models/manifest.ts';
import { type OnnxHeader, readOnnxHeader } from '../../../models/onnx-header.ts';
import { ModelSession, readModelFace } from '../../../peer/inference/model-session.ts';
import { SightlineError } from '../../../protocol/errors.ts';
import { reasonOf } from '../../doctor/finding.ts';
import { contractFindings } from './contract-findings.ts';
import { failed, type ModelFinding, ok, warning } from './finding.ts';
import { describe, type Graph, graphOf } from './graph.ts';
import { headShapes } from './head-shapes.ts';
import { type Location, locate } from './locate.ts';
import { type Proposal, propose } from './propose.ts';
import { readManifestOf } from './read-manifest.ts';
import { type CheckOptions, runFindings } from './run-findings.ts';

/** Told as they are made; in the end, where the model has no manifest, one to begin with. */
type Check = AsyncGenerator<ModelFinding, Proposal | undefined>;

/**
 * Looks at a model, its manifest, and what it finds in a picture.
 *
 * @param argument an ONNX file, its manifest, or the folder of either
 */
export async function* checkFindings(argument: string, options: CheckOptions): Check {
  const location = await locate(argument);
  if ('status' in location) {
    yield location;
    return undefined;
  }
  const graph = yield* graphFindings(location);
  const known = await readManifestOf(location);
  if (known === undefined) {
    if (graph === undefined) return undefined;
    return yield* proposalFindings(location, graph, options);
  }
  if ('status' in known) {
    yield known;
    return undefined;
  }
  const { manifest, from } = known;
  yield ok('manifest', `${manifest.id}, from ${from}: ${summary(manifest)}`);
  if (graph !== undefined) yield* trialFindings(location, graph, manifest, options);
  return undefined;
}

/** What the file has. */
async function* graphFindings({ path }: Location): AsyncGenerator<ModelFinding, Graph | undefined> {
  const header = await readOnnxHeader(path);
  if (header === undefined) {
    yield failed('file', 'file-unreadable', `${path} is cut short, or no ONNX file`);
    return undefined;
  }
  yield ok('file', `${path}: ${describeHeader(header)}`);
  if (header.externalFiles.length > 0) {
    const names = header.externalFiles.map((name) => join(dirname(path), basename(name)));
    yield warning('file', 'weights-beside', `Its weights lie in ${names.join(', ')}`);
  }
  try {
    const graph = graphOf(await readModelFace(path));
    yield ok(
      'graph',
      `in ${graph.inputs.map(describe).join(', ')}; out ${graph.outputs.map(describe).join(', ')}`,
    );
    return graph;
  } catch (error) {
    if (!(error instanceof SightlineError)) throw error;
    yield failed('graph', 'file-unreadable', reasonOf(error));
    return undefined;
  }
}

/** A manifest to begin with, tried out. */
async function* proposalFindings(location: Location, graph: Graph, options: CheckOptions): Check {
  const { path } = location;
  yield failed('manifest', 'manifest-missing', `There is no manifest.json beside ${basename(path)}`);
  const proposal = propose(path, graph);
  if (proposal === undefined) {
    const known = Object.entries(headShapes).map(([head, { reads }]) => `${head}: ${reads}`);
    yield failed(
      'head',
      'head-unknown',
      `No head reads one picture and gives these outputs (${known.join('; ')})`,
    );
    return undefined;
  }
  const better = yield* trialFindings(location, graph, asManifest(proposal), options);
  return { ...proposal, input: { ...proposal.input, ...better } };
}

async function* trialFindings(
  { path }: Location,
  graph: Graph,
  manifest: ModelManifest,
  options: CheckOptions,
): AsyncGenerator<ModelFinding, Partial<ModelManifest['input']>> {
  const contract = contractFindings(manifest, graph);
  yield* contract;
  if (contract.some(({ status }) => status === 'failed')) return {};
  return yield* runFindings(await ModelSession.load(manifest, path, 1), options);
}

function asManifest(proposal: Proposal): ModelManifest {
  return { title: proposal.id, licence: '', source: '', sha256: '', size: 1, ...proposal };
}

function summary({ task, head, labels, input }: ModelManifest): string {
  const { channels, mean, scale, layout, fit } = input;
  const values = `(c - ${mean}) × ${Number(scale.toPrecision(4))}`;
  const count = `${labels.length} ${labels.length === 1 ? 'label' : 'labels'}`;
  return `task ${task}, head ${head}, ${count}, ${channels} as ${layout}, ${values}, ${fit}`;
}

function describeHeader({ size, opset, irVersion, producer, domains }: OnnxHeader): string {
  const words = [sizeInWords(size), `opset ${opset ?? 'none'}`, `IR ${irVersion}`];
  if (producer !== '') words.push(`by ${producer}`);
  if (domains.length > 0) words.push(`operators of ${domains.join(', ')}`);
  return words.join(', ');
}

function sizeInWords(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

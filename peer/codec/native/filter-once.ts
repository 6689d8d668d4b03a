import { Filter, FilterGraph, FilterInOut, type Frame } from 'node-av/lib';
import { SightlineError } from '../../../protocol/errors.ts';
import { expectSuccess, Native, nativeFrame } from './natives.ts';

/**
 * Sends one picture through a filter graph, on libuv's pool.
 * @param description FFmpeg's filter graph with one input and one output
 */
export async function filterOnce(source: Frame, description: string): Promise<Native<Frame>> {
  const graph = new Native(new FilterGraph(), (value) => value.free());
  const result = nativeFrame();
  try {
    const { input, output } = newGraph(graph.value, source);
    link(graph.value, description, { input, output });
    expectSuccess(await graph.value.config(), 'set up the filters of an image');
    expectSuccess(await input.buffersrcAddFrame(source), 'filter an image');
    expectSuccess(await output.buffersinkGetFrame(result.value), 'filter an image');
    return result;
  } catch (error) {
    result.release();
    throw error;
  } finally {
    graph.release();
  }
}

function newGraph(graph: FilterGraph, { width, height, format, colorRange, colorSpace }: Frame) {
  graph.alloc();
  // A thread of the pool is its own; more would take cores from the calls.
  graph.nbThreads = 1;
  const [source, sink] = [Filter.getByName('buffer'), Filter.getByName('buffersink')];
  const input = source && graph.allocFilter(source, 'in');
  if (!input || !sink) throw missing();
  const timeBase = { num: 1, den: 90_000 };
  const parameters = { width, height, format, timeBase, colorRange, colorSpace };
  expectSuccess(input.buffersrcParametersSet(parameters), 'describe an image to its filters');
  expectSuccess(input.initStr(null), 'set up the filters of an image');
  const output = graph.createFilter(sink, 'out');
  if (!output) throw missing();
  return { input, output };
}

type Ends = ReturnType<typeof newGraph>;

function link(graph: FilterGraph, description: string, { input, output }: Ends): void {
  // Named from within: what is the graph's output is the input of its last filter.
  const [outputs, inputs] = [new FilterInOut(), new FilterInOut()];
  for (const [end, name, context] of [
    [outputs, 'in', input],
    [inputs, 'out', output],
  ] as const) {
    end.alloc();
    end.name = name;
    end.filterCtx = context;
    end.padIdx = 0;
  }
  expectSuccess(graph.parsePtr(description, inputs, outputs), `read the filters ${description}`);
}

function missing(): SightlineError {
  return new SightlineError('codec-failed', 'Cannot filter an image: this FFmpeg lacks the ends of a graph');
}

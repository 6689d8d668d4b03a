import { AV_PIX_FMT_YUV420P, AV_PKT_DATA_DISPLAYMATRIX, AVERROR_EAGAIN } from 'node-av/constants';
import { type FilterContext, FilterGraph, type Frame, type Stream } from 'node-av/lib';
import { expectSuccess, Native, nativeFrame } from './natives.ts';

/** Degrees clockwise that a picture has to be turned to be upright. */
export type Quarter = 0 | 90 | 180 | 270;

const filters = { 90: 'transpose=clock', 180: 'hflip,vflip', 270: 'transpose=cclock' } as const;

/** What the display matrix of a stream asks for (ISO/IEC 14496-12, 8.3.2), to the next quarter. */
export function quarterOf(stream: Stream): Quarter {
  const matrix = stream.codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX);
  if (!matrix || matrix.length < 36) return 0;
  const turns = Math.round(Math.atan2(matrix.readInt32LE(4), matrix.readInt32LE(0)) / (Math.PI / 2));
  return ((((turns % 4) + 4) % 4) * 90) as Quarter;
}

/** Turns I420 pictures by quarters, on libuv's pool: telephones store them as their sensor lies. */
export class PictureTurner {
  readonly #quarter: Exclude<Quarter, 0>;
  #graph: Native<FilterGraph> | undefined;
  #source: FilterContext | undefined;
  #sink: FilterContext | undefined;
  #size = '';

  constructor(quarter: Exclude<Quarter, 0>) {
    this.#quarter = quarter;
  }

  /** @returns a picture to be released by the caller, with the time of `frame` @throws SightlineError `codec-failed` */
  async turn(frame: Frame): Promise<Native<Frame>> {
    await this.#fit(frame);
    const held = nativeFrame();
    try {
      const sent = (await this.#source?.buffersrcAddFrame(frame)) ?? AVERROR_EAGAIN;
      expectSuccess(sent, 'turn a picture');
      const received = (await this.#sink?.buffersinkGetFrame(held.value)) ?? AVERROR_EAGAIN;
      expectSuccess(received, 'turn a picture');
      return held;
    } catch (error) {
      held.release();
      throw error;
    }
  }

  close(): void {
    this.#graph?.release();
    this.#graph = undefined;
  }

  async #fit({ width, height, colorSpace }: Frame): Promise<void> {
    const size = `${width}x${height}:${colorSpace}`;
    if (this.#graph && size === this.#size) return;
    this.close();
    this.#size = size;
    const graph = new FilterGraph();
    graph.alloc();
    this.#graph = new Native(graph, (value) => value.free());
    const picture = `video_size=${width}x${height}:pix_fmt=${AV_PIX_FMT_YUV420P}:time_base=1/90000`;
    const chain = `buffer@in=${picture}:colorspace=${colorSpace}:range=tv,${filters[this.#quarter]},buffersink@out`;
    expectSuccess(graph.parsePtr(chain), 'set up the turning of pictures');
    expectSuccess(await graph.config(), 'set up the turning of pictures');
    this.#source = graph.getFilter('buffer@in') ?? undefined;
    this.#sink = graph.getFilter('buffersink@out') ?? undefined;
  }
}

import { ByteOutput } from './byte-output.ts';
import { npyHead, npyRow } from './npy.ts';
import { outputFailed } from './output-failed.ts';
import type { Sink, View } from './sink.ts';

/** The features of every object as a matrix that NumPy loads: a row for each, in the order of the results. */
export class Features implements Sink {
  readonly shows = false;
  readonly #path: string;
  readonly #output: ByteOutput;
  #rows = 0;
  #columns: number | undefined;

  private constructor(path: string, output: ByteOutput) {
    this.#path = path;
    this.#output = output;
  }

  static async open(path: string): Promise<Features> {
    const features = new Features(path, await ByteOutput.open(path));
    await features.#output.write(npyHead(0, 0));
    return features;
  }

  async take({ known, looked }: View): Promise<void> {
    if (!looked) return;
    for (const { embedding = [] } of known.objects) {
      this.#columns ??= embedding.length;
      if (embedding.length !== this.#columns) {
        const found = `expected rows of ${this.#columns} features, found one of ${embedding.length}`;
        throw outputFailed(this.#path, new Error(found));
      }
      await this.#output.write(npyRow(embedding));
      this.#rows += 1;
    }
  }

  async finish(): Promise<void> {
    await this.#output.writeHead(npyHead(this.#rows, this.#columns ?? 0));
    await this.#output.close();
  }

  close(): Promise<void> {
    return this.#output.close();
  }
}

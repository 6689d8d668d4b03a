/** Characters of a line, and lines, that are kept. */
const LINE_LENGTH = 300;
const LINES = 8;

/** How a line names its severity, with `-loglevel level+info`. */
const COMPLAINT = /\[(?:error|fatal|panic)\] /;
const OUTPUT = /^(?:\[info\] )?Output #0/;
const VIDEO = /Stream #0:0.*: Video: /;

/**
 * Listens to ffmpeg's standard error. Keeps its last complaints, the older are dropped, and the line in which it
 * describes the video that it puts out.
 */
export class ComplaintLog {
  readonly #described = Promise.withResolvers<string>();
  #lines: string[] = [];
  #rest = '';
  #inOutput = false;

  /** The line that describes the video that comes out; ffmpeg writes it before the first packet. Never rejects. */
  get description(): Promise<string> {
    return this.#described.promise;
  }

  /** The last complaints, the newest at the end. */
  get text(): string {
    return this.#lines.join('\n');
  }

  /** The newest complaint, without what ffmpeg puts in front of it. */
  get last(): string {
    return (this.#lines.at(-1) ?? '').replace(/^(\[[^\]]*\] )*/, '');
  }

  /** @returns whether there is a complaint in it */
  read(text: string): boolean {
    const lines = (this.#rest + text).split('\n');
    this.#rest = (lines.pop() ?? '').slice(0, LINE_LENGTH);
    const complaints = lines.filter((line) => COMPLAINT.test(line));
    for (const line of complaints) this.add(line);
    for (const line of lines) this.#describe(line);
    return complaints.length > 0;
  }

  add(line: string): void {
    this.#lines.push(line.slice(0, LINE_LENGTH));
    this.#lines = this.#lines.slice(-LINES);
  }

  /** Nothing more will come. */
  end(): void {
    this.#described.resolve('');
  }

  #describe(line: string): void {
    if (OUTPUT.test(line)) this.#inOutput = true;
    else if (this.#inOutput && VIDEO.test(line)) this.#described.resolve(line);
  }
}

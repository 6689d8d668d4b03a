import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** What the server makes of an inference request. */
export type Conduct =
  | 'well'
  | 'without the binary extension'
  | 'hang'
  | 'trickle'
  | 'error 500'
  | 'error 404'
  | 'reset'
  | 'rubbish'
  | 'wrong shape'
  | 'wrong type'
  | 'too few values'
  | 'cut short'
  | 'too long a header'
  | 'endless';

interface InferInput {
  readonly shape: number[];
  readonly data?: number[];
  readonly parameters?: { readonly binary_data_size?: number };
}

/** A server that speaks the Open Inference Protocol v2 and runs one ONNX model, well or otherwise. */
export class OipServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #session: InferenceSession;
  conduct: Conduct = 'well';
  /** Only so many requests are misbehaved on, then it goes well. */
  misbehaveOn = Number.POSITIVE_INFINITY;
  /** What it says of the shape of its input. */
  inputShape = [-1, 3, 416, 416];
  /** Inference requests so far, and how their tensors came. */
  readonly requests: ('binary' | 'json')[] = [];

  static async start(path: string): Promise<OipServer> {
    const session = await InferenceSession.create(path, { intraOpNumThreads: 1, logSeverityLevel: 3 });
    const server = new OipServer(session);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  private constructor(session: InferenceSession) {
    this.#session = session;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.#session.release();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/v2/models/yolox-nano') return void response.end(JSON.stringify(this.#metadata()));
    if (request.url !== '/v2/models/yolox-nano/infer') return void response.writeHead(404).end();
    const parts = await request.toArray();
    const length = request.headers['inference-header-content-length'];
    this.requests.push(length === undefined ? 'json' : 'binary');
    const conduct = this.misbehaveOn > 0 ? this.conduct : 'well';
    if (conduct !== 'well' && conduct !== 'without the binary extension') this.misbehaveOn--;
    await this.#infer(Buffer.concat(parts), length, response, conduct);
  }

  #metadata() {
    return {
      name: 'yolox-nano',
      versions: ['1'],
      platform: 'onnxruntime_onnx',
      inputs: [{ name: 'images', datatype: 'FP32', shape: this.inputShape }],
      outputs: [{ name: 'output', datatype: 'FP32', shape: [-1, 3549, 85] }],
    };
  }

  async #infer(
    body: Buffer,
    jsonLength: string | string[] | undefined,
    response: ServerResponse,
    conduct: Conduct,
  ): Promise<void> {
    const isBinary = jsonLength !== undefined;
    switch (conduct) {
      case 'hang':
        return;
      case 'trickle':
        return void trickle(response);
      case 'error 500':
        return void response.writeHead(500).end('{"error":"out of memory"}');
      case 'error 404':
        return void response.writeHead(404).end('{"error":"no such model"}');
      case 'reset':
        return void response.socket?.destroy();
      case 'rubbish':
        return void response.end('<html>Welcome to nginx</html>');
      case 'endless':
        return flood(response);
      case 'without the binary extension':
        if (isBinary) return void response.writeHead(400).end('{"error":"cannot parse the request"}');
        break;
      case 'well':
      case 'wrong shape':
      case 'wrong type':
      case 'too few values':
      case 'cut short':
      case 'too long a header':
        break;
    }
    const json = JSON.parse(body.toString('utf8', 0, isBinary ? Number(jsonLength) : body.length));
    const input = json.inputs[0] as InferInput;
    const values = isBinary
      ? new Float32Array(new Uint8Array(body.subarray(Number(jsonLength))).buffer)
      : Float32Array.from(input.data ?? []);
    const { output } = await this.#session.run({ images: new Tensor('float32', values, input.shape) });
    if (!output) throw new Error('The model has no output');
    send(response, output as Tensor, isBinary, conduct);
  }
}

function send(response: ServerResponse, { dims, data }: Tensor, isBinary: boolean, conduct: Conduct): void {
  const values = data as Float32Array;
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  const size = conduct === 'too few values' ? bytes.length - 4 : bytes.length;
  const json = Buffer.from(
    JSON.stringify({
      model_name: 'yolox-nano',
      outputs: [
        {
          name: 'output',
          shape: conduct === 'wrong shape' ? [1, 3549, 25] : dims,
          datatype: conduct === 'wrong type' ? 'FP16' : 'FP32',
          ...(isBinary ? { parameters: { binary_data_size: size } } : { data: [...values] }),
        },
      ],
    }),
  );
  if (!isBinary) return void response.end(json);
  const announced = conduct === 'too long a header' ? 10 ** 9 : json.length;
  response.setHeader('Inference-Header-Content-Length', announced);
  const sent = conduct === 'cut short' ? bytes.subarray(0, 1000) : bytes.subarray(0, size);
  response.end(Buffer.concat([json, sent]));
}

/** A byte now and then, each in time, and never an end. */
function trickle(response: ServerResponse): void {
  response.writeHead(200).write('{');
  const timer = setInterval(() => response.write(' '), 10);
  response.on('close', () => clearInterval(timer));
}

function flood(response: ServerResponse): void {
  const chunk = Buffer.alloc(2 ** 20, 32);
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more);
  more();
}

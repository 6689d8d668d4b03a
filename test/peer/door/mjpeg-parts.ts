/** One part of `multipart/x-mixed-replace`. */
export interface MjpegPart {
  readonly headers: Headers;
  readonly data: Uint8Array;
}

/** Takes an endless answer apart, by the lengths that its parts name. Ends the answer when it is left. */
export async function* partsOf(response: Response): AsyncGenerator<MjpegPart> {
  if (!response.body) throw new Error('Expected a body');
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of response.body) {
    rest = Buffer.concat([rest, chunk]);
    for (let part = takePart(rest); part; part = takePart(rest)) {
      rest = rest.subarray(part.end);
      yield part;
    }
  }
}

/** All parts of an answer that ends by itself. */
export async function collectParts(response: Response): Promise<MjpegPart[]> {
  const parts: MjpegPart[] = [];
  for await (const part of partsOf(response)) parts.push(part);
  return parts;
}

function takePart(bytes: Buffer): (MjpegPart & { readonly end: number }) | undefined {
  const start = bytes.indexOf('--frame\r\n');
  const headersEnd = bytes.indexOf('\r\n\r\n');
  if (start < 0 || headersEnd < 0) return undefined;
  const lines = bytes.subarray(start, headersEnd).toString().split('\r\n').slice(1);
  const headers = new Headers(lines.map((line) => line.split(': ') as [string, string]));
  const from = headersEnd + 4;
  const end = from + Number(headers.get('Content-Length'));
  // Its end is told at once, not with the next part.
  if (bytes.length < end + '\r\n--frame\r\n'.length) return undefined;
  return { headers, data: bytes.subarray(from, end), end: end + 2 };
}

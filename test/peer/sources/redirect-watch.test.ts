import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RedirectWatch } from '../../../peer/sources/redirect-watch.ts';

const sdp = 'RTSP/1.0 200 OK\r\nCSeq: 3\r\nContent-Length: 300\r\n\r\nv=0\r\ns=302\r\nb=AS:300\r\n';

describe('RedirectWatch', () => {
  it.each([
    'RTSP/1.0 302 Moved Temporarily\r\nLocation: rtsp://10.0.0.1/\r\n\r\n',
    'RTSP/1.0 302\n',
    'RT\rSP/1.0 \t  0301 Moved\r\n',
    `${sdp}RTSP/1.0 305 Use Proxy\r\n`,
    '$\0\0\u0009RTSP/1.0 RTSP/1.0 302 x\r\n',
    'RTSP/1.0 +302 Moved\n',
    `RTSP/1.0 ${'0'.repeat(200)}302 Moved\n`,
  ])('finds the redirection in %j, however it is cut', (text) => {
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 5 }), (cuts) => {
        const watch = new RedirectWatch();
        const ends = [...cuts.toSorted((a, b) => a - b), text.length];
        expect(ends.some((end, at) => watch.push(text.slice(ends[at - 1] ?? 0, end)))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    sdp,
    'RTSP/1.0 404 Not Found\r\nContent-Location: rtsp://h/ 302 \r\n',
    'RTSP/1.0\r\n302 \r\n',
    'x 302 \n',
  ])('finds none in %j', (text) => {
    expect(new RedirectWatch().push(text)).toBe(false);
  });
});

import { expect, it } from 'vitest';
import { localUrl } from '../../signaling/loopback.ts';

it.each([
  ['127.0.0.1', 'http://127.0.0.1:8080'],
  ['0.0.0.0', 'http://127.0.0.1:8080'],
  ['::', 'http://[::1]:8080'],
  ['::1', 'http://[::1]:8080'],
  ['camera.example', 'http://camera.example:8080'],
])('localUrl() reaches a listener on %s at %s', (host, url) => {
  expect(localUrl(host, 8080)).toBe(url);
});

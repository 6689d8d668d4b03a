import { describe, expect, it } from 'vitest';
import { isLive, toMediaSource } from '../../../peer/codec/media-source.ts';

describe('toMediaSource()', () => {
  it.each([
    ['clip.mp4', 'clip.mp4'],
    ['/films/a b.mp4', 'a b.mp4'],
    ['C:\\films\\clip.mp4', 'clip.mp4'],
    ['odd:name.mp4', 'odd:name.mp4'],
  ])('takes %s for a file', (named, label) => {
    expect(toMediaSource(named)).toEqual({ kind: 'file', path: named, label });
  });

  it.each([
    ['rtsp://user:secret@camera.example:554/one?token=secret', 'rtsp://camera.example:554/one', true],
    ['RTMP://media.example/live/key', 'rtmp://media.example/live/key', true],
    ['https://films.example/clip.mp4?sig=secret', 'https://films.example/clip.mp4', false],
  ])('takes %s for an address, and its label holds no secret', (named, label, live) => {
    const source = toMediaSource(named);
    expect(source).toMatchObject({ kind: 'url', url: named, label });
    expect(isLive(source)).toBe(live);
  });

  it.each(['concat://a|b', 'file:///etc/passwd', 'subfile://x', 'rtsp://'])('refuses %s', (named) => {
    expect(() => toMediaSource(named)).toThrow(expect.objectContaining({ code: 'source-unreadable' }));
  });
});

import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowSource, type SourceRules } from '../../../peer/sources/source-policy.ts';

const rules: SourceRules = {
  schemes: ['rtsp', 'http', 'https'],
  hosts: [],
  privateHosts: false,
  directory: undefined,
};
const publicHost = async () => ['192.88.99.1', '2606:4700::1111'];

describe('allowSource() of streams', () => {
  it('takes a public host, and says which address its name stood for', async () => {
    const source = await allowSource('rtsp://user:secret@camera.example:8554/live', rules, publicHost);
    expect(source).toMatchObject({ kind: 'stream', address: '192.88.99.1' });
  });

  it.each([
    'http://127.0.0.1:8080/healthz',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://[::1]/',
    'http://[::ffff:10.0.0.1]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://169.254.169.254/latest/meta-data/',
    'rtsp://10.1.2.3/live',
    'http://[fe80::1]/',
    'http://[fec0::1]/',
  ])('refuses %s, which is not of the public Internet', async (url) => {
    await expect(allowSource(url, rules, publicHost)).rejects.toMatchObject({ code: 'source-refused' });
  });

  it('refuses a name of which one address is private', async () => {
    const mixed = async () => ['8.8.8.8', '192.168.1.1'];
    await expect(allowSource('http://rebind.example/', rules, mixed)).rejects.toMatchObject({
      code: 'source-refused',
    });
  });

  it('takes private hosts where the operator allows them', async () => {
    const source = await allowSource('rtsp://127.0.0.1:8554/live', { ...rules, privateHosts: true });
    expect(source).toMatchObject({ address: '127.0.0.1' });
  });

  it.each([
    ['camera.example', 'rtsp://camera.example/', true],
    ['camera.example', 'rtsp://other.example/', false],
    ['camera.example', 'rtsp://not-camera.example/', false],
    ['*.example', 'rtsp://camera.example/', true],
    ['*.example', 'rtsp://example/', false],
    ['Camera.Example', 'rtsp://CAMERA.example/', true],
  ])('with %s allowed, %s is: %s', async (host, url, allowed) => {
    const asked = allowSource(url, { ...rules, hosts: [host] }, publicHost);
    if (allowed) await expect(asked).resolves.toBeDefined();
    else await expect(asked).rejects.toMatchObject({ code: 'source-refused' });
  });

  it.each([
    'ftp://host.example/a',
    'concat:a|b',
    'data:video/mp4,aaaa',
    'lavfi:testsrc',
    'pipe:0',
    'gopher://h/',
  ])('refuses the scheme of %s', async (url) => {
    await expect(allowSource(url, rules, publicHost)).rejects.toMatchObject({ code: 'source-refused' });
  });

  it.each([
    '',
    'http://',
    'rtsp://a b/',
    `http://a.example/${'x'.repeat(3000)}`,
    'http://a.example/\r\nX: y',
  ])('says that %j is not a source', async (url) => {
    await expect(allowSource(url, rules, publicHost)).rejects.toMatchObject({ code: 'source-invalid' });
  });

  it('says that a name stands for no address', async () => {
    const nobody = async () => {
      throw new Error('ENOTFOUND');
    };
    await expect(allowSource('rtsp://nobody.example/', rules, nobody)).rejects.toMatchObject({
      code: 'source-unreadable',
    });
  });
});

describe('allowSource() of files', () => {
  let directory: string;
  let outside: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sightline-sources-'));
    outside = await mkdtemp(join(tmpdir(), 'sightline-outside-'));
    await writeFile(join(directory, 'film.mp4'), '');
    await writeFile(join(outside, 'secret.mp4'), '');
    await symlink(join(outside, 'secret.mp4'), join(directory, 'link.mp4'));
  });
  afterAll(() => Promise.all([directory, outside].map((each) => rm(each, { recursive: true }))));

  it('takes one of the folder, by its name or as a file URL', async () => {
    for (const source of ['film.mp4', './film.mp4', pathToFileURL(join(directory, 'film.mp4')).href]) {
      const allowed = await allowSource(source, { ...rules, directory });
      expect(allowed).toMatchObject({ kind: 'file', path: expect.stringMatching(/film\.mp4$/) });
    }
  });

  it.each(['../secret.mp4', '/etc/passwd', 'link.mp4', '.', 'file:///etc/passwd'])(
    'refuses %s',
    async (source) => {
      await expect(allowSource(source, { ...rules, directory })).rejects.toMatchObject({
        code: 'source-refused',
      });
    },
  );

  it('refuses every file where no folder is set aside', async () => {
    await expect(allowSource('film.mp4', rules)).rejects.toMatchObject({ code: 'source-refused' });
  });

  it('refuses a name that ends elsewhere for those who read it as C does', async () => {
    const { href } = pathToFileURL(join(directory, 'link.mp4'));
    await expect(allowSource(`${href}%00.mp4`, { ...rules, directory })).rejects.toMatchObject({
      code: 'source-invalid',
    });
  });

  it('refuses a file URL of another machine', async () => {
    await expect(allowSource('file://host.example/a', { ...rules, directory })).rejects.toMatchObject({
      code: 'source-invalid',
    });
  });
});

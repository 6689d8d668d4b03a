import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const programs = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A real Chromium whose camera is a film (.y4m or .mjpeg), or its own test picture. */
export async function launchBrowser({
  camera,
  hidesAddresses = false,
}: {
  camera?: string;
  /** Shows pages mDNS names in place of addresses; there is no camera then. */
  hidesAddresses?: boolean;
} = {}): Promise<Browser> {
  const executablePath = [process.env['SIGHTLINE_CHROMIUM'], ...programs].find(
    (path) => path && existsSync(path),
  );
  if (!executablePath) throw new Error('Cannot find Chromium: install it, or set SIGHTLINE_CHROMIUM');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--autoplay-policy=no-user-gesture-required',
      ...(hidesAddresses
        ? ['--enable-features=WebRtcHideLocalIpsWithMdns']
        : [
            '--use-fake-ui-for-media-stream',
            '--use-fake-device-for-media-stream',
            '--allow-loopback-in-peer-connection',
          ]),
      ...(camera ? [`--use-file-for-fake-video-capture=${camera}`] : []),
    ],
  });
}

import { existsSync } from 'node:fs';
import { type Browser, launch } from 'puppeteer-core';

const program = [process.env['SIGHTLINE_FIREFOX'], '/usr/bin/firefox-esr', '/usr/bin/firefox'].find(
  (path) => path && existsSync(path),
);

/** Whether there is a Firefox; where not, tests that need one skip, and say so. */
export const hasFirefox = program !== undefined;

/** A real Firefox with its own test picture as the camera, driven over WebDriver BiDi. */
export async function launchFirefox(): Promise<Browser> {
  if (!program) throw new Error('Cannot find Firefox: install firefox-esr, or set SIGHTLINE_FIREFOX');
  return launch({
    browser: 'firefox',
    executablePath: program,
    headless: true,
    extraPrefsFirefox: {
      'media.navigator.permission.disabled': true,
      'media.navigator.streams.fake': true,
      'media.peerconnection.ice.obfuscate_host_addresses': false,
      'media.autoplay.default': 0,
      // Host candidates of the loopback interface, so that a call stays on this machine
      'media.peerconnection.ice.loopback': true,
    },
  });
}

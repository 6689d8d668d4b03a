import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Debian's own, which has the bindings of GStreamer. */
const PYTHON = '/usr/bin/python3';
const script = fileURLToPath(new URL('rtsp_server.py', import.meta.url));

const check =
  "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import Gst; Gst.init(None); " +
  "assert all(Gst.ElementFactory.find(name) for name in ('videotestsrc', 'x264enc', 'rtph264pay'))";
/** Whether gst-rtsp-server is there: gir1.2-gst-rtsp-server-1.0, python3-gi and the plugins base, good and ugly. */
export const hasRtspServer = spawnSync(PYTHON, ['-c', check], { stdio: 'ignore' }).status === 0;

/** An RTSP server in a process of its own. */
export class RtspServer {
  readonly port: number;
  readonly #child: ChildProcess;

  /** @param port any free one where left out */
  static async start(user: string, password: string, port = 0): Promise<RtspServer> {
    const child = spawn(PYTHON, [script, user, password, String(port)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    if (!child.stdout) throw new Error('Expected a pipe for standard output');
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    return new RtspServer(child, Number(line));
  }

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}

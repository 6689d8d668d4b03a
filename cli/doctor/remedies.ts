import type { Diagnosis } from '../../protocol/ice.ts';

/** What the doctor may find wrong, and what can be done about it: one sentence each, without its full stop. */
export const remedies = {
  // This machine
  'node-too-old':
    'Start it through npm, which brings the Node that it was made for: npm start, npm run sightline -- doctor',
  'codec-unusable':
    'Install the packages again for this platform (npm ci) and look whether node-av has a build for it, or install ffmpeg',
  'codec-slow':
    'Install the packages again for this platform (npm ci), or leave it so where few calls are taken',
  'inference-unusable':
    'Install the packages again for this platform (npm ci) and look whether onnxruntime-node has a build for it',
  'model-missing':
    'Run npm start once where there is a network, or put the file into the folder that SIGHTLINE_MODELS_DIR names',
  'model-wrong': 'Delete the file, or put a good copy in its place',
  'model-unusable': 'Delete the file and run npm start, which fetches it anew',
  'settings-invalid': 'Change the variables that are named; README.md lists what each of them takes',
  'port-taken': 'Stop the other program, or set PORT to a free port (0 for any)',
  'port-unusable': 'Set HOST to an address of this machine, and PORT to one that this user may listen on',
  'media-ports-taken': 'Set SIGHTLINE_MEDIA_PORTS to ports that no other program uses',
  'media-ports-few': 'Widen SIGHTLINE_MEDIA_PORTS, or lower SIGHTLINE_MAX_SESSIONS or SIGHTLINE_PEERS',
  'media-address-foreign':
    'Set SIGHTLINE_MEDIA_ADDRESSES to addresses of this machine; one that a router forwards belongs in SIGHTLINE_MEDIA_PUBLIC_ADDRESS',
  'media-loopback-only': 'Set SIGHTLINE_MEDIA_ADDRESSES to an address of this machine that callers reach',
  'udp-loopback-blocked':
    'Let programs on this machine exchange UDP packets: look at its firewall and sandbox',
  'public-address-missing':
    'For callers beyond this network set SIGHTLINE_MEDIA_PUBLIC_ADDRESS to the address that is forwarded to this machine, or give callers a TURN server',
  'public-address-private': 'Set SIGHTLINE_MEDIA_PUBLIC_ADDRESS to the address that callers see',
  'public-address-differs':
    'Set SIGHTLINE_MEDIA_PUBLIC_ADDRESS to the address that the STUN server sees, unless packets leave another way than they come',
  'clock-behind': 'Set the clock of this machine, best by NTP: TURN credentials end at a time of day',
  // STUN and TURN servers
  'ice-server-unknown':
    'Correct the name in SIGHTLINE_ICE_SERVERS or SIGHTLINE_TURN_URLS, or look at the DNS',
  'ice-server-refused': 'Start the STUN or TURN server, or correct its port',
  'ice-server-silent': 'Look whether a firewall drops packets to this server, and whether it runs',
  'ice-server-failed': 'Look at the log of the STUN or TURN server',
  'turn-credentials-refused':
    'Make SIGHTLINE_TURN_SECRET the same as static-auth-secret of the TURN server, or correct the user name and password, and compare the clocks',
  'turn-credentials-expired':
    'Compare the clocks, and raise SIGHTLINE_TURN_TTL_SECONDS above the longest call',
  'turn-clock-differs': 'Set both clocks by NTP: the credentials have ended by the clock of the TURN server',
  'turn-quota': 'Raise the quotas or the port range of the TURN server',
  'turn-forbidden': 'Look at the rules of the TURN server for who may allocate',
  // A running server
  'host-unknown': 'Correct the name in the URL, or look at the DNS',
  'http-refused': 'Start the server there, or correct the port; HOST has to be an address that others reach',
  'http-timeout':
    'Look whether a firewall drops TCP to this port, and whether a proxy before the server is stuck',
  'http-failed': 'Look at the network and at the log of the server',
  'http-redirected': 'Use the URL that it leads to',
  'tls-failed': 'Use a certificate for this name that this machine trusts, or http:// where there is no TLS',
  'not-sightline': 'Use the URL of a Sightline, as it prints it when it starts',
  'key-required': 'Set SIGHTLINE_KEY to the key of the server',
  'no-media-peer':
    'Wait until the server says “Ready for calls”, or look in its log why no media peer starts',
  'not-ready': 'Try again when a call has ended, or raise SIGHTLINE_MAX_SESSIONS',
  'no-models': 'Look in the log of the server why its model is not loaded',
  'clock-differs': 'Set both clocks by NTP: TURN credentials end at a time of day',
  // A call
  'offer-refused': 'docs/errors.md says what the code means and what to do',
  'no-own-address': 'Connect this machine to a network: it has no address to send from',
  'server-no-address': 'Look in the log of the server why it has no socket for media',
  'server-loopback-only':
    'Set SIGHTLINE_MEDIA_ADDRESSES of the server to an address that callers reach, and start it again',
  'server-mdns-only': 'Set SIGHTLINE_MEDIA_ADDRESSES of the server to an address in place of a name',
  'server-private-only':
    'Set SIGHTLINE_MEDIA_PUBLIC_ADDRESS of the server to the address that callers see and forward its UDP ports, or configure a TURN server',
  'server-address-wrong':
    'Correct SIGHTLINE_MEDIA_PUBLIC_ADDRESS or SIGHTLINE_MEDIA_ADDRESSES of the server, and forward its UDP ports',
  'udp-blocked':
    'Let UDP pass from here to the media ports of the server (SIGHTLINE_MEDIA_PORTS), or configure a TURN server or SIGHTLINE_MEDIA_TCP=1',
  'udp-blocked-back':
    'Let UDP pass from the server to its callers: its firewall, or one on the way, drops what it sends',
  'path-not-chosen': 'Try again: it is a bug on one side if this stays so',
  'only-relay-works':
    'Open UDP between callers and the server to spare the relay, or leave it so: callers are served all the same',
  'relay-fails-too':
    'Let the TURN server reach the media ports of the server, and look at denied-peer-ip in its settings',
  'dtls-failed': 'Look for a proxy that changes the SDP on its way, and compare the versions of both sides',
  'dtls-timeout': 'Look at the MTU of VPNs and tunnels on the way: large packets are dropped',
  'media-silent': 'Look in the log of the server for errors of the codec',
  'results-missing': 'Look in the log of the server for errors of the model',
  'frames-missing': 'Look in the log of the server for errors of the encoder',
  'packets-lost': 'Look for a bad wireless link, a full uplink or a busy machine on the way',
  // The doctor itself
  'check-failed': 'Report it: a check of the doctor failed in a way that it was not written for',
} as const satisfies Record<string, string>;

/** What can be done about what a server says of a path. */
export const diagnosisRemedies: Readonly<Record<Diagnosis['code'], string>> = {
  'path-lost': 'Look at the network between the two',
  'dtls-failed': remedies['dtls-failed'],
  'dtls-timeout': remedies['dtls-timeout'],
  'ice-wrong-credentials': 'Let the client use the newest answer',
  'ice-no-address': remedies['server-no-address'],
  'ice-loopback-only': remedies['server-loopback-only'],
  'ice-no-request': remedies['udp-blocked'],
  'ice-no-response': remedies['udp-blocked-back'],
  'ice-not-nominated': remedies['path-not-chosen'],
  'ice-no-candidates': 'Look why the client has no address, or why a proxy takes it out of the SDP',
  'mdns-unresolved': 'Nothing, where the client reaches the server',
};

/** Stable, for programs. */
export type ProblemCode = keyof typeof remedies | Diagnosis['code'];

export function remedyOf(code: ProblemCode): string {
  return { ...diagnosisRemedies, ...remedies }[code];
}

/** The id of some session: that of its media peer, and 16 random bytes. */
export const SESSION_ID = 'local1-mZ0uV3nq6uM2pQx1f7kCcw';
/** The id of one who watches it. */
export const VIEWER_ID = 'local1-3hQm9xWvQ0KkX5iYl2ZpTg';
export const ICE_SESSION = 'kXq9T2bWvA';

/** The beginning of a description; whole ones take some kilobytes. */
export const SDP = 'v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n';

export const FRAGMENT = [
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'a=mid:0',
  'a=ice-ufrag:EsAw',
  'a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1',
  'a=candidate:1 1 udp 2130706431 192.0.2.7 50304 typ host',
  'a=end-of-candidates',
]
  .map((line) => `${line}\r\n`)
  .join('');

const task = { task: 'detect', model: 'yolox-nano', threshold: 0.3 } as const;

export const SETTINGS = {
  ...task,
  tasks: [task, { task: 'pose', model: 'movenet-multipose', threshold: 0.25 }],
  output: 'annotated',
  sync: 'live',
  effects: { background: 'blur' },
  zones: [
    {
      kind: 'polygon',
      id: 'door',
      points: [
        { x: 0.6, y: 0.2 },
        { x: 0.9, y: 0.2 },
        { x: 0.9, y: 0.9 },
      ],
      dwellSeconds: 5,
    },
  ],
} as const;

export const PERSON = {
  label: 'person',
  classId: 0,
  score: 0.94,
  box: { x: 0.31, y: 0.12, width: 0.4, height: 0.83 },
} as const;

export const EVENT = {
  type: 'event',
  v: 1,
  kind: 'enter',
  sessionId: SESSION_ID,
  mid: '0',
  rtpTimestamp: 3_863_935_567,
  time: 1_764_000_000_123,
  trackId: 3,
  label: 'person',
  zoneId: 'door',
  counts: { person: { entered: 1, left: 0, inside: 1 } },
} as const;

import type { Json } from './components.ts';

/** What is chosen for a task. */
const settings = {
  task: 'What is looked for; the default detector of the server where task, model and tasks are left out',
  model: 'Id of one of `GET /models`; the best of the task when left out',
  threshold:
    'Objects below this score are neither drawn nor reported; the default of the model when left out',
  classes: 'Labels that are drawn and reported; all when left out',
  rate: 'Frames a second that are looked at, at most; as many as the server can when left out',
  budgetMs: 'Milliseconds from a frame to its result: while results come later, fewer frames are looked at',
};

/** What is chosen for a session. */
export const sessionSettings = {
  ...settings,
  tasks:
    'Several tasks side by side, in the order in which they are drawn, in place of the fields of a single one',
  output: 'What goes back: the picture with results drawn on it, the picture as it came, or results alone',
  sync: '`live`: every frame goes out at once; `exact`: a frame goes out only with its own result',
  effects: 'What is hidden in the picture that goes out; without a fresh result everything is covered',
  zones: 'Polygons and lines that are watched, in fractions of the frame',
};

const { rate: _, budgetMs: __, ...inferSettings } = settings;

const detectedObject = {
  classId: 'Index of the label among those of the model',
  score: '0 to 1',
  box: 'Fractions of the frame, origin top left; it may reach over the edges',
  trackId: 'The same for the same thing in the results of one task and track; left out before it is sure',
  keypoints: 'In the order of the skeleton of the model, in fractions of the frame',
  text: 'What is written there',
  embedding: 'Features, of unit length',
};

/** What fields mean for somebody who reads the documents: by the name of the schema, then by that of the field. */
const meanings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Offer: { ...sessionSettings, sdp: 'Session description (RFC 8866)' },
  SessionSettings: sessionSettings,
  SettingsChange: sessionSettings,
  Configure: { ...sessionSettings, id: 'Comes back in the answer' },
  TaskList: settings,
  InferRequest: {
    ...inferSettings,
    images: 'Each in base64 (RFC 4648); settings stand in front of them where there are more than eight',
  },
  InferAnswer: {
    results: 'One for each image, in their order: what was found, or why nothing could be',
    error: 'Why the images after those were not looked at',
  },
  Effects: { background: '`#rrggbb` puts a colour in its place' },
  Zones: {
    id: 'Names it in events and counts',
    classes: 'Labels that count; all when left out',
    points: 'Corners in order; edges neither cross nor touch',
    dwellSeconds: 'How long something stays until a `dwell` event tells of it; none does when left out',
    to: 'From the left to the right of who looks from `from` to `to` is `forward`',
  },
  Answer: { iceSession: 'Names the ICE session, for If-Match of `PATCH /sessions/{id}`' },
  SessionDescription: {
    via: 'How its pictures come in',
    createdAt: 'Milliseconds since the Unix epoch',
    feedbackMissing: 'Whether video goes out and nothing has been reported on it for five seconds',
    closeReason: 'Where the state is `closed`: why',
    watching: 'Who watches it over WHEP, and what is made for them',
    diagnosis: 'Why the path did not come up or was lost, the most telling cause first',
  },
  ModelSummary: {
    inputWidth: 'Pixels',
    inputHeight: 'Pixels',
    available: 'Whether it can be used without a download',
    loaded: 'Whether it is loaded; others are when a call first names them',
    default: 'Whether it is what a call gets that names none',
    runsOn: 'Execution provider of ONNX Runtime, or `kserve`: an inference server',
  },
  PeerLoad: {
    cpu: 'Share of one core over the last second; may exceed 1',
    residentMemory: 'Bytes',
    eventLoopDelayP99: 'Milliseconds, over the last second',
    natives: 'Frames, codecs and processes of FFmpeg that are alive',
    handles: 'What keeps the event loop going',
  },
  Health: { uptime: 'Seconds' },
  Problem: {
    code: 'Stays the same from version to version; act on this',
    detail: 'What was attempted, expected and found',
    retryAfter: 'Seconds',
  },
  Detections: {
    mid: 'Media section of the track that the frame belongs to',
    seq: 'Counts the results of this track from 0; a gap means that results were dropped',
    rtpTimestamp: 'Of the frame in the outgoing video (90 kHz), as requestVideoFrameCallback() shows it',
    captureTime: 'Milliseconds since the Unix epoch, by the clock of the sender where it says so',
    width: 'Pixels',
    height: 'Pixels',
    mask: 'Where it is, at the resolution of the model: lengths of runs, first of what is not covered',
    events: 'What has happened by this frame; left out where nothing has',
    timings: 'Milliseconds that each step took',
  },
  DetectedObject: detectedObject,
  Event: {
    time: 'Milliseconds since the Unix epoch, of the frame that made it certain',
    dwellMs: 'Since it was first seen inside',
    counts: 'Totals by label',
    hand: "The person's own",
    direction: '`forward`: from the left to the right of who looks from `from` to `to`',
  },
};

/**
 * A schema with what its fields mean.
 *
 * @throws {TypeError} for a field that it does not have
 */
export function explain(name: string, schema: Json): Json {
  const ofSchema = Object.entries(meanings[name] ?? {});
  return ofSchema.reduce((explained, [field, meaning]) => {
    const result = explainField(explained, field, meaning);
    if (result === explained)
      throw new TypeError(`Cannot explain ${name}.${field}: expected a field of the schema`);
    return result;
  }, schema);
}

/** Looks into the entries of a list and the alternatives of a union; a schema without the field is returned as it is. */
function explainField(schema: Json, field: string, description: string): Json {
  const { properties, items, oneOf } = schema as {
    properties?: Record<string, Json>;
    items?: Json;
    oneOf?: Json[];
  };
  if (properties?.[field]) {
    return { ...schema, properties: { ...properties, [field]: { ...properties[field], description } } };
  }
  if (items) {
    const explained = explainField(items, field, description);
    return explained === items ? schema : { ...schema, items: explained };
  }
  const alternatives = oneOf?.map((alternative) => explainField(alternative, field, description));
  const isThere = alternatives?.some((alternative, index) => alternative !== oneOf?.[index]) ?? false;
  return isThere ? { ...schema, oneOf: alternatives } : schema;
}

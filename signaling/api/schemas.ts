import { z } from 'zod';
import { configureSchema, controlNoticeSchema, controlReplySchema } from '../../protocol/control.ts';
import { detectedObjectSchema, detectionsSchema, maskSchema } from '../../protocol/detections.ts';
import { errorCodes } from '../../protocol/errors.ts';
import { eventSchema } from '../../protocol/events.ts';
import {
  frameAckSchema,
  frameConfiguredSchema,
  frameConfigureSchema,
  frameDetectionsSchema,
  frameErrorSchema,
  frameSessionSchema,
  frameStatsSchema,
} from '../../protocol/frame-messages.ts';
import { healthSchema, readySchema } from '../../protocol/health.ts';
import {
  diagnosisSchema,
  iceCallSchema,
  iceChangeSchema,
  icePatchedSchema,
  icePatchSchema,
  iceServerSchema,
  iceServersSchema,
} from '../../protocol/ice.ts';
import { inferAnswerSchema, inferRequestSchema, inferResultSchema } from '../../protocol/infer.ts';
import { modelSummarySchema } from '../../protocol/models.ts';
import {
  answerReplySchema,
  closedReplySchema,
  configureCallSchema,
  configuredReplySchema,
  descriptionReplySchema,
  icePatchedReplySchema,
  offerCallSchema,
  peerLoadSchema,
  registrationSchema,
  replySchema,
  sessionCallSchema,
  sessionClosedSchema,
  sessionEventSchema,
  viewCallSchema,
} from '../../protocol/peers.ts';
import { problemSchema } from '../../protocol/problem.ts';
import { recordingListSchema, recordingRequestSchema, recordingSchema } from '../../protocol/recordings.ts';
import { refusalCountsSchema } from '../../protocol/refusals.ts';
import {
  answerSchema,
  currentSettingsSchema,
  liveSettingsSchema,
  offerSchema,
  sessionDescriptionSchema,
  settingsChangeSchema,
} from '../../protocol/session.ts';
import { sourceRequestSchema } from '../../protocol/sources.ts';
import { effectsSchema, taskListSchema, taskSchema } from '../../protocol/tasks.ts';
import { zonesSchema } from '../../protocol/zones.ts';

const errorCodeSchema = z.enum(Object.keys(errorCodes));
export const modelListSchema = z.array(modelSummarySchema);
export const iceReplySchema = replySchema(iceChangeSchema);

/** What others send, by the name that the documents give it. */
export const taken = {
  Offer: offerSchema,
  SourceRequest: sourceRequestSchema,
  SessionSettings: liveSettingsSchema,
  SettingsChange: settingsChangeSchema,
  TaskList: taskListSchema,
  Task: taskSchema,
  Effects: effectsSchema,
  Zones: zonesSchema,
  Configure: configureSchema,
  FrameConfigure: frameConfigureSchema,
  FrameAck: frameAckSchema,
  IceCall: iceCallSchema,
  InferRequest: inferRequestSchema,
  RecordingRequest: recordingRequestSchema,
  Registration: registrationSchema,
  PeerLoad: peerLoadSchema,
  SessionClosed: sessionClosedSchema,
  SessionEvent: sessionEventSchema,
  AnswerReply: answerReplySchema,
  DescriptionReply: descriptionReplySchema,
  ConfiguredReply: configuredReplySchema,
  IcePatchedReply: icePatchedReplySchema,
  ClosedReply: closedReplySchema,
} as const;

/** What this server sends. */
export const given = {
  Answer: answerSchema,
  CurrentSettings: currentSettingsSchema,
  SessionDescription: sessionDescriptionSchema,
  Diagnosis: diagnosisSchema,
  RefusalCounts: refusalCountsSchema,
  ModelSummary: modelSummarySchema,
  ModelList: modelListSchema,
  IceServer: iceServerSchema,
  IceServers: iceServersSchema,
  Health: healthSchema,
  Ready: readySchema,
  Problem: problemSchema,
  ErrorCode: errorCodeSchema,
  InferAnswer: inferAnswerSchema,
  InferResult: inferResultSchema,
  Recording: recordingSchema,
  RecordingList: recordingListSchema,
  Detections: detectionsSchema,
  Mask: maskSchema,
  DetectedObject: detectedObjectSchema,
  Event: eventSchema,
  FrameSession: frameSessionSchema,
  FrameDetections: frameDetectionsSchema,
  FrameConfigured: frameConfiguredSchema,
  FrameStats: frameStatsSchema,
  FrameError: frameErrorSchema,
  ControlReply: controlReplySchema,
  ControlNotice: controlNoticeSchema,
  IceReply: iceReplySchema,
  IcePatched: icePatchedSchema,
  OfferCall: offerCallSchema,
  ViewCall: viewCallSchema,
  SessionCall: sessionCallSchema,
  ConfigureCall: configureCallSchema,
  IcePatch: icePatchSchema,
} as const;

/** Places that the protocol leaves open, since something else reads what is there, and what that is. */
export const readElsewhere = new Map<unknown, string>([
  [liveSettingsSchema.shape.zones.unwrap(), 'Zones'],
  [currentSettingsSchema.shape.zones, 'Zones'],
  [problemSchema.shape.code, 'ErrorCode'],
]);

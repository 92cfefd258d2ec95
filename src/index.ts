/**
 * Turns Segment events into OneSignal REST calls.
 *
 * @example
 * ```ts
 * import { createDestination } from 'segment-onesignal';
 *
 * const destination = createDestination({ appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a', apiKey: 'os_v2_app_key' });
 * const [outcome] = await destination.deliver([{ type: 'identify', userId: 'u1', traits: { plan: 'pro' } }]);
 * console.log(outcome.status, outcome.dropped);
 * ```
 * @module
 */

export { createDestination, type DestinationOptions } from './create-destination.js';
export {
  createDestinationFromEnv,
  type DestinationFromEnvOptions,
  type OneSignalEnv,
} from './create-destination-from-env.js';
export type { Attempt, DeliveryOptions, Hooks } from './delivery/options.js';
export type { Outcome, OutcomeFields } from './delivery/outcome.js';
export type {
  AcceptedValue,
  LimitFinding,
  LimitStore,
  OrderStore,
  RefusedTags,
  Reservation,
  SeenStore,
} from './delivery/stores.js';
export {
  ConfigurationError,
  type ConfigurationErrorCode,
  DeliveryError,
  type DeliveryErrorCode,
  type ErrorCause,
  EventError,
  type EventErrorCode,
  type EventIssue,
  type OperationType,
  SignatureError,
  type SignatureErrorCode,
} from './errors.js';
export { audienceToSegment } from './mapping/calls/audience-to-segment.js';
export { computedTraitToTags } from './mapping/calls/computed-trait-to-tags.js';
export { identifyToTags } from './mapping/calls/identify-to-tags.js';
export { trackToTags } from './mapping/calls/track-to-tags.js';
export { defineMapping, type ExactMapping } from './mapping/define-mapping.js';
export { mapEvent } from './mapping/map-event.js';
export type {
  AliasOptions,
  CustomEventOptions,
  GroupOptions,
  MappingOptions,
  SubscriptionOptions,
} from './mapping/options.js';
export type {
  EventNameTag,
  EventUser,
  FlattenOptions,
  RespectIntegrations,
  TagChange,
  TagOptions,
  TagValue,
  UserLabel,
} from './mapping/tag-options.js';
export { createOneSignalTransport, type OneSignalTransportOptions } from './onesignal/client.js';
export { coalesce } from './onesignal/coalesce/coalesce.js';
export type {
  AddAlias,
  AddPurchases,
  AddSubscription,
  Alias,
  DeleteUser,
  EnsureSegment,
  OneSignalCustomEvent,
  Operation,
  Profile,
  Purchase,
  SendCustomEvents,
  Subscription,
  TagFilter,
  UpdateUser,
} from './onesignal/operation.js';
export type { Coalesced, Drop, DropReason, Plan, PlanFields, SkipReason } from './onesignal/plan.js';
export { toRequest } from './onesignal/request.js';
export type { OneSignalRequest, OneSignalResponse, SendOptions, Transport } from './onesignal/transport.js';
export type { Deliverer, DeliverOptions, Destination, DryRun, Each, PlannedRequest } from './pipeline.js';
export type {
  AliasEvent,
  DeleteEvent,
  EventFields,
  Fields,
  GroupEvent,
  IdentifyEvent,
  OtherEvent,
  PageEvent,
  Personas,
  ScreenEvent,
  SegmentContext,
  SegmentEvent,
  TrackEvent,
} from './segment/event.js';
export { type ParseResult, parseEvent } from './segment/parse.js';

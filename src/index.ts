export * from './errors.js';
export { audienceToSegment } from './mapping/audience-to-segment.js';
export { computedTraitToTags } from './mapping/computed-trait-to-tags.js';
export { identifyToTags } from './mapping/identify-to-tags.js';
export { mapEvent } from './mapping/map-event.js';
export type {
  AliasOptions,
  CustomEventOptions,
  EventNameTag,
  EventOptions,
  FlattenOptions,
  GroupOptions,
  KeyOptions,
  MappingOptions,
  OptInOptions,
  RespectIntegrations,
  SubscriptionOptions,
  TagChange,
  TagValue,
  TrackOptions,
} from './mapping/options.js';
export { trackToTags } from './mapping/track-to-tags.js';
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

import { expectTypeOf, test } from 'vitest';
import type * as actual from '../src/index.js';
import type * as actualNode from '../src/node/index.js';
import type * as actualSandbox from '../src/sandbox/index.js';
import type * as contract from './contract.js';

/** Whether each type is assignable to the other. */
type Same<A, B> = [A, B] extends [B, A] ? true : false;
type Value = keyof typeof contract;
type ErrorClass = 'ConfigurationError' | 'SignatureError' | 'EventError' | 'DeliveryError';
/** Compared for one type, since the compiler does not compare generic functions with conditional types. */
type Named = 'identifyToTags' | 'trackToTags' | 'audienceToSegment' | 'computedTraitToTags';
type Generic = 'mapEvent' | 'defineMapping' | Named;
type IsSame<Name extends Value, Of> = Name extends keyof Of ? Same<(typeof contract)[Name], Of[Name]> : 'absent';

test('functions are as promised', () => {
  type Core = Exclude<Value, ErrorClass | Generic | 'createSandbox' | 'toNodeListener'>;
  type Wrong = { [Name in Core]: IsSame<Name, typeof actual> extends true ? never : Name }[Core];
  expectTypeOf<Wrong>().toBeNever();
  type Options = contract.MappingOptions;
  expectTypeOf<
    Same<typeof contract.mapEvent<Options>, typeof actual.mapEvent<actual.MappingOptions>>
  >().toEqualTypeOf<true>();
  expectTypeOf<
    Same<typeof contract.defineMapping<Options>, typeof actual.defineMapping<actual.MappingOptions>>
  >().toEqualTypeOf<true>();
  type Tags = contract.TagOptions;
  expectTypeOf<
    Same<typeof contract.identifyToTags<Tags>, typeof actual.identifyToTags<actual.TagOptions>>
  >().toEqualTypeOf<true>();
  expectTypeOf<
    Same<typeof contract.trackToTags<Tags>, typeof actual.trackToTags<actual.TagOptions>>
  >().toEqualTypeOf<true>();
  expectTypeOf<
    Same<typeof contract.audienceToSegment<Tags>, typeof actual.audienceToSegment<actual.TagOptions>>
  >().toEqualTypeOf<true>();
  expectTypeOf<
    Same<typeof contract.computedTraitToTags<Tags>, typeof actual.computedTraitToTags<actual.TagOptions>>
  >().toEqualTypeOf<true>();
  expectTypeOf<IsSame<'toNodeListener', typeof actualNode>>().toEqualTypeOf<true>();
  expectTypeOf<typeof actualSandbox.createSandbox>().toExtend<typeof contract.createSandbox>();
});

test('errors are as promised: exported as classes, made by the library only', () => {
  expectTypeOf<Same<actual.ConfigurationError, contract.ConfigurationError>>().toEqualTypeOf<true>();
  expectTypeOf<Same<actual.SignatureError, contract.SignatureError>>().toEqualTypeOf<true>();
  expectTypeOf<Same<actual.EventError, contract.EventError>>().toEqualTypeOf<true>();
  expectTypeOf<Same<actual.DeliveryError, contract.DeliveryError>>().toEqualTypeOf<true>();
  expectTypeOf<ErrorClass>().toExtend<keyof typeof actual>();
});

test('unions have exactly the promised members', () => {
  expectTypeOf<actual.SkipReason>().toEqualTypeOf<contract.SkipReason>();
  expectTypeOf<actual.DropReason>().toEqualTypeOf<contract.DropReason>();
  expectTypeOf<actual.Operation['type']>().toEqualTypeOf<contract.Operation['type']>();
  expectTypeOf<actual.OperationType>().toEqualTypeOf<contract.Operation['type']>();
  expectTypeOf<actual.Outcome['status']>().toEqualTypeOf<contract.Outcome['status']>();
  expectTypeOf<actual.Plan['status']>().toEqualTypeOf<contract.Plan['status']>();
  expectTypeOf<actual.SegmentEvent['type']>().toEqualTypeOf<contract.SegmentEvent['type']>();
  expectTypeOf<actual.DeliveryErrorCode>().toEqualTypeOf<contract.DeliveryError['code']>();
  expectTypeOf<actual.EventErrorCode>().toEqualTypeOf<contract.EventError['code']>();
  expectTypeOf<actual.ConfigurationErrorCode>().toEqualTypeOf<contract.ConfigurationError['code']>();
  expectTypeOf<actual.SignatureErrorCode>().toEqualTypeOf<contract.SignatureError['code']>();
});

test('data is as promised', () => {
  expectTypeOf<Same<actual.Plan, contract.Plan>>().toEqualTypeOf<true>();
  expectTypeOf<Same<actual.Operation, contract.Operation>>().toEqualTypeOf<true>();
  expectTypeOf<Same<actual.Outcome, contract.Outcome>>().toEqualTypeOf<true>();
  expectTypeOf<Same<actual.Drop, contract.Drop>>().toEqualTypeOf<true>();
  expectTypeOf<Same<actual.Attempt, contract.Attempt>>().toEqualTypeOf<true>();
  expectTypeOf<Same<actual.OneSignalRequest, contract.OneSignalRequest>>().toEqualTypeOf<true>();
  expectTypeOf<Same<actual.OneSignalResponse, contract.OneSignalResponse>>().toEqualTypeOf<true>();
  expectTypeOf<Same<actual.OneSignalCustomEvent, contract.OneSignalCustomEvent>>().toEqualTypeOf<true>();
  expectTypeOf<Same<actual.Subscription, contract.Subscription>>().toEqualTypeOf<true>();
  expectTypeOf<Same<actual.Profile, contract.Profile>>().toEqualTypeOf<true>();
  expectTypeOf<Same<actual.Purchase, contract.Purchase>>().toEqualTypeOf<true>();
  expectTypeOf<Same<actual.SegmentEvent, contract.SegmentEvent>>().toEqualTypeOf<true>();
});

test('options and interfaces are as promised', () => {
  expectTypeOf<Same<actual.DestinationOptions, contract.DestinationOptions>>().toEqualTypeOf<true>();
  expectTypeOf<Same<actual.MappingOptions, contract.MappingOptions>>().toEqualTypeOf<true>();
  expectTypeOf<Same<actual.DeliveryOptions, contract.DeliveryOptions>>().toEqualTypeOf<true>();
  expectTypeOf<Same<actual.OneSignalTransportOptions, contract.OneSignalTransportOptions>>().toEqualTypeOf<true>();
  expectTypeOf<Same<actual.Hooks, contract.Hooks>>().toEqualTypeOf<true>();
  expectTypeOf<Same<actual.Transport, contract.Transport>>().toEqualTypeOf<true>();
  expectTypeOf<Same<actual.OrderStore, contract.OrderStore>>().toEqualTypeOf<true>();
  expectTypeOf<Same<actual.SeenStore, contract.SeenStore>>().toEqualTypeOf<true>();
  expectTypeOf<Same<actual.Deliverer, contract.Deliverer>>().toEqualTypeOf<true>();
  expectTypeOf<actual.Destination>().toExtend<contract.Deliverer>();
  expectTypeOf<actual.DeliverOptions>().toEqualTypeOf<contract.DeliverOptions>();
});

import type {
  CustomEventsRequest,
  Segment,
  SubscriptionBody,
  UpdateUserRequest,
  User,
  UserIdentityBody,
} from '@onesignal/node-onesignal';
import { expectTypeOf, test } from 'vitest';
import type { bodyOf } from '../../src/onesignal/request.js';

type Body<Kind extends keyof typeof bodyOf> = ReturnType<(typeof bodyOf)[Kind]>;

test("the bodies of requests match the models of OneSignal's Node client", () => {
  expectTypeOf<Body<'update_user'>>().toExtend<UpdateUserRequest>();
  expectTypeOf<Body<'upsert_user'>>().toExtend<User>();
  expectTypeOf<Body<'ensure_segment'>>().toExtend<Segment>();
  expectTypeOf<Body<'send_custom_events'>>().toExtend<CustomEventsRequest>();
  expectTypeOf<Body<'add_subscription'>>().toExtend<SubscriptionBody>();
  expectTypeOf<Body<'add_alias'>>().toExtend<UserIdentityBody>();
  expectTypeOf<Body<'add_purchases'>>().toExtend<UpdateUserRequest>();
});

test('a body with a wrong type does not match', () => {
  expectTypeOf<{ properties: { language: number } }>().not.toExtend<UpdateUserRequest>();
  expectTypeOf<{ id: string }>().not.toExtend<Segment>();
  expectTypeOf<{ subscriptions: { type: 'Fax'; token: string }[] }>().not.toExtend<User>();
});

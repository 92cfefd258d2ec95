/**
 * What a worker went through:
 *
 * - `redis_warning`: Redis may lose data with its settings.
 * - `redis_failed`: a Redis command failed or took too long. It is repeated.
 * - `lease_lost`: the process or Redis was frozen for longer than the lease. Other workers take over its events, and the
 *   worker starts again.
 * - `repaired`: requests may have reached OneSignal after the lease, so events delivered since then are written again.
 * - `user_differs`: a receiver was created without the `mapping.user` of this worker, or with another one, so the events
 *   of one user may be with several workers.
 *
 * A minor release may add codes: give a `switch` over them a `default`.
 */
export type FleetNoticeCode = 'redis_warning' | 'redis_failed' | 'lease_lost' | 'repaired' | 'user_differs';

/** Something that the operator of a worker may want to know: `{ code: 'lease_lost', message: '…' }`. */
export interface FleetNotice {
  /** Kind of the notice. */
  code: FleetNoticeCode;
  /** One line, without ids and values. */
  message: string;
}

import type { EventStreamKind } from '../../onesignal/event-kinds.js';

/** An Event Stream, as you set it up in OneSignal's dashboard. URL, headers and body may contain Liquid. */
export interface NewSandboxEventStream {
  /** Where the events go. */
  url: string;
  /**
   * HTTP method.
   *
   * @defaultValue 'POST'
   */
  method?: 'POST' | 'PUT' | 'PATCH' | undefined;
  /**
   * Headers of the requests.
   *
   * @defaultValue none
   */
  headers?: Readonly<Record<string, string>> | undefined;
  /**
   * The custom body, such as `eventStreamTemplate.body`.
   *
   * @defaultValue the body that OneSignal's docs suggest, with "Event Data" and "Message Data"
   */
  body?: string | undefined;
  /**
   * The kinds of events to send.
   *
   * @defaultValue all kinds
   */
  kinds?: readonly EventStreamKind[] | undefined;
  /**
   * The `fetch` to send requests with, to reach a handler in the same process.
   *
   * @defaultValue the global `fetch`, looked up for each request
   */
  fetch?: ((request: Request) => Promise<Response>) | undefined;
  /**
   * Milliseconds before each retry of a request that failed with 408, 429 or 5xx, or without an answer. OneSignal
   * retries "a few times with increasing delays".
   *
   * @defaultValue [1,000, 2,000, 4,000]
   */
  retryDelaysMs?: readonly number[] | undefined;
  /**
   * Milliseconds to wait for an answer. OneSignal documents "a reasonable amount of time".
   *
   * @defaultValue 10,000
   */
  timeoutMs?: number | undefined;
  /**
   * Number of events in a row that fail permanently before the stream is disabled. OneSignal documents no number.
   *
   * @defaultValue 10
   */
  disableAfter?: number | undefined;
}

/** One attempt to send an event. */
export interface SandboxStreamRequest {
  /** OneSignal's id of the event. Repeated attempts have the same one. */
  eventId: string;
  /** Kind of the event. */
  kind: EventStreamKind;
  /** The body as it was sent. */
  body: string;
  /** The status of the answer, or `undefined` if there was none. */
  status: number | undefined;
  /** When it was sent, in Unix milliseconds. */
  at: number;
}

/** An Event Stream of the sandbox. */
export interface SandboxEventStream {
  /** Returns all attempts, in order. */
  requests(): SandboxStreamRequest[];
  /** Whether too many events in a row failed. A disabled stream sends nothing. */
  isDisabled(): boolean;
  /** Enables the stream again, as the dashboard can. */
  enable(): void;
}

/** A text in several languages, or in one. */
export type SandboxText = string | Readonly<Record<string, string>>;

/** A message to send. It goes to the members of a segment, or to the users that you name. */
export interface NewSandboxMessage {
  /**
   * Channel of the message. In-app messages are not sent: use {@link SandboxMessages.interact} with `impression`.
   *
   * @defaultValue 'push'
   */
  channel?: 'push' | 'email' | 'sms' | 'iam' | 'live_activity' | undefined;
  /** Name or id of the segment whose members get the message. */
  segment?: string | undefined;
  /** External IDs of the users who get the message. */
  users?: readonly string[] | undefined;
  /** Name of the message. */
  name?: string | undefined;
  /** Title of a push, or subject of an email. */
  title?: SandboxText | undefined;
  /** Text of a push or SMS. Events contain its first 50 characters. */
  contents?: SandboxText | undefined;
  /** Id of the template. */
  templateId?: string | undefined;
  /** URL that the message opens. */
  url?: string | undefined;
}

/** A message that was sent. */
export interface SandboxMessage {
  /** OneSignal's id of the message. */
  id: string;
  /** External IDs of the users who have an enabled subscription of the channel. */
  recipients: string[];
}

/** What happens to a user's message: `{ message: id, user: 'u1', action: 'clicked' }`. */
export interface SandboxInteraction {
  /** The message, or its id. */
  message: SandboxMessage | string;
  /** External ID of a recipient. */
  user: string;
  /** The last part of the event's kind, such as `received`, `clicked`, `opened` or `bounced`. */
  action: string;
  /** `event.data`, such as `{ target_name: 'button' }` or `{ failure_reason: 'Unregistered' }`. */
  data?: Readonly<Record<string, string>> | undefined;
  /**
   * Whether the message is so old that OneSignal no longer has its name and texts. They are then blank in the event.
   *
   * @defaultValue `false`
   */
  isExpired?: boolean | undefined;
}

/** Messages and Event Streams of a sandbox. */
export interface SandboxMessages {
  /**
   * Sets up an Event Stream: each event of a message is sent to its URL, with OneSignal's retries.
   *
   * @throws `ConfigurationError` if a field is invalid or unknown, or the body uses Liquid that the sandbox does not
   * know.
   */
  addEventStream(stream: NewSandboxEventStream): SandboxEventStream;
  /**
   * Sends a message to a segment or to users. Each subscription that gets it causes an event `sent`.
   *
   * @returns Resolves once all Event Streams have delivered the events or have given up.
   * @throws `ConfigurationError` if a field is invalid or unknown; `RangeError` if there is no such segment.
   */
  sendMessage(message: NewSandboxMessage): Promise<SandboxMessage>;
  /**
   * Simulates what happens to a message that was sent: the device receives it, the user clicks it, the email bounces.
   * `unsubscribed` also disables the subscription.
   *
   * @returns Resolves once all Event Streams have delivered the event or have given up.
   * @throws `ConfigurationError` if a field is invalid or unknown; `RangeError` if the user did not get the message, or
   * its channel has no such event.
   */
  interact(interaction: SandboxInteraction): Promise<void>;
}

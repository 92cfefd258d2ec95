/**
 * The longest delay a timer accepts, about 25 days; a longer one would fire at once.
 *
 * @see {@link https://developer.mozilla.org/en-US/docs/Web/API/Window/setTimeout#maximum_delay_value | MDN: setTimeout, maximum delay}
 * @internal
 */
export const maxTimerMs = 2 ** 31 - 1;

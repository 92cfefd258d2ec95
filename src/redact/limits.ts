/** Foreign text after this is cut. It is more than one line, because redaction shortens text. */
export const shownLength = 1_000;
/**
 * The search goes further, so that it recognizes all secrets that start in the shown part: there is room for 11
 * characters in any encoding, and for the longest email address.
 */
export const searchedLength = 1_400;

/** Searching for more secrets would take too long, so the whole message is replaced. */
export const maxTexts = 50_000;

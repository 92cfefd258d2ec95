/** An option of the mapping, as its doc comment describes it. */
export interface OptionDoc {
  readonly name: string;
  /** Its type: `'drop' | 'flatten' | FlattenOptions`. */
  readonly type: string;
  /** Its doc comment, with code in backticks. */
  readonly text: string;
  readonly defaultValue: string | undefined;
  /** The values that it can have besides free ones, as JSON. */
  readonly values: readonly string[];
  /** The strings that an array can hold, as JSON. */
  readonly elements: readonly string[];
  /** The options inside it, if it can be an object. */
  readonly options: readonly OptionDoc[];
  /** Whether it can only be a function, which JSON cannot hold. */
  readonly isFunction: boolean;
}

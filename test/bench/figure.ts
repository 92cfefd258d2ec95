/** One row of the table. */
export interface Figure {
  /** The measurement and its reference. */
  what: string;
  /** A ratio, or an amount in `unit`. */
  value: number;
  /** `×` for ratios. */
  unit: '×' | 'kB' | 'MB' | 'ms' | 'µs/event' | 'requests/event';
  /** The target. */
  bar?: { atMost: number } | { atLeast: number };
  /** The largest value that CI accepts until the target is met, so that nothing grows unnoticed. */
  budget?: number;
  /** The absolute figures behind a ratio. */
  detail?: string;
  /** Amounts in `unit` that the figure is compared with, by name. */
  compared?: Readonly<Record<string, number>>;
  /** The rate of the stream, for the picture. */
  eventsPerSecond?: number;
}

/** A figure that was compared with its target. */
export interface JudgedFigure extends Figure {
  /** Absent if there is no target. */
  met?: boolean;
}

export function judgeFigure(figure: Figure): JudgedFigure {
  const { bar, value } = figure;
  if (bar === undefined) return figure;
  return { ...figure, met: 'atMost' in bar ? value <= bar.atMost : value >= bar.atLeast };
}

/** The results of a run, as `--json` writes them. */
export interface Results {
  /** `v20.20.2` */
  node: string;
  smoke: boolean;
  figures: (JudgedFigure & { group: string })[];
}

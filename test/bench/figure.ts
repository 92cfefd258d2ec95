/** One line of the table. */
export interface Figure {
  /** What was measured, against what. */
  what: string;
  /** A ratio, or an amount with its unit. */
  value: number;
  /** `×` for ratios. */
  unit: '×' | 'kB' | 'MB' | 'ms' | 'requests/event';
  /** What it should be: `at most` or `at least` so much. */
  bar?: { atMost: number } | { atLeast: number };
  /** What it may be at most until the bar is met: beyond it, CI fails, so that nothing grows unseen. */
  budget?: number;
  /** The absolute figures behind it. */
  detail?: string;
}

/** A figure held against its bar. */
export interface JudgedFigure extends Figure {
  /** Absent where there is no bar. */
  met?: boolean;
}

export function judgeFigure(figure: Figure): JudgedFigure {
  const { bar, value } = figure;
  if (bar === undefined) return figure;
  return { ...figure, met: 'atMost' in bar ? value <= bar.atMost : value >= bar.atLeast };
}

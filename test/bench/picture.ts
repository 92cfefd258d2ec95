import type { Figure } from './figure.js';

const width = 600;
const height = 360;
/** The area of the curves. */
const area = { left: 52, right: 396, top: 48, bottom: 296 };

interface Curve {
  name: string;
  color: string;
  points: { eventsPerSecond: number; requests: number }[];
}

/**
 * Draws requests per event against the rate of events.
 *
 * @param figures - Figures with a rate.
 * @param drawing - Another drawing, whose style sheet this one reuses.
 */
export function drawRequests(figures: readonly Figure[], drawing: string): string {
  const style = /<style>[\s\S]*<\/style>/.exec(drawing)?.[0] ?? '';
  const rates = figures.map(({ eventsPerSecond = 1 }) => eventsPerSecond);
  const [lowest, highest] = [Math.min(...rates), Math.max(...rates)];
  const x = (rate: number): number =>
    Math.round(area.left + (Math.log(rate / lowest) / Math.log(highest / lowest)) * (area.right - area.left));
  const y = (requests: number): number => Math.round(area.bottom - requests * (area.bottom - area.top));
  const curves = curvesOf(figures);

  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (requests) =>
      `<path class="dashed" d="M${area.left} ${y(requests)}H${area.right}"/>
  <text class="soft" x="${area.left - 8}" y="${y(requests) + 4}" text-anchor="end">${requests}</text>`,
  );
  const scale = rates.map(
    (rate) =>
      `<text class="soft" x="${x(rate)}" y="${area.bottom + 20}" text-anchor="middle">${rate.toLocaleString('en')}</text>`,
  );
  const lines = curves.map(({ color, points }) => {
    const path = points.map(({ eventsPerSecond, requests }) => `${x(eventsPerSecond)} ${y(requests)}`).join('L');
    const dashes = color === 'ink' ? '; stroke-dasharray: 2 4' : '';
    return `<path class="arrow" style="stroke: var(--${color}); stroke-width: 2${dashes}" d="M${path}"/>`;
  });
  const labels = labelled(curves, y).map(
    ({ name, color, at, requests }) =>
      `<text x="${area.right + 10}" y="${at}" style="fill: var(--${color})">${name}<tspan class="soft"> ${requests.toFixed(2)}</tspan></text>`,
  );
  const told = curves.map(
    ({ name, points }) => `${name}: ${points.map(({ requests }) => requests.toFixed(2)).join(', ')}`,
  );
  return `<svg class="drawing" xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="requests-title requests-desc">
  <title id="requests-title">Requests per event by event rate</title>
  <desc id="requests-desc">At ${rates.join(', ')} events per second. ${told.join('. ')}.</desc>
  ${style}
  <rect class="paper" width="${width}" height="${height}" rx="8"/>
  <text class="strong" x="16" y="28">Requests per event, single calls</text>
  ${[...grid, ...scale, ...lines, ...labels].join('\n  ')}
  <text class="soft" x="${(area.left + area.right) / 2}" y="${area.bottom + 44}" text-anchor="middle">events per second</text>
</svg>
`;
}

function curvesOf(figures: readonly Figure[]): Curve[] {
  const curve = (name: string, color: string, requestsOf: (figure: Figure) => number | undefined): Curve => ({
    name,
    color,
    points: figures.map((figure) => ({
      eventsPerSecond: figure.eventsPerSecond ?? Number.NaN,
      requests: requestsOf(figure) ?? Number.NaN,
    })),
  });
  const compared = (name: string, color: string): Curve => curve(name, color, (figure) => figure.compared?.[name]);
  return [
    compared('one request per event', 'bad'),
    compared("unchanged: 'send'", 'edge'),
    curve("unchanged: 'skip'", 'good', ({ value }) => value),
    compared('floor', 'ink'),
  ];
}

/** Places each label at the end of its curve, but below the label above it. */
function labelled(curves: readonly Curve[], y: (requests: number) => number) {
  let above = 0;
  return curves.map(({ name, color, points }) => {
    const requests = points.at(-1)?.requests ?? 0;
    above = Math.max(y(requests) + 4, above + 18);
    return { name, color, at: above, requests };
  });
}

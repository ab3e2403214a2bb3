/** @file The curve of tone, drawn: what a message of each mood does to temperature and top_p. */
import type { ToneCurve as Curve } from '../../shared/mood.ts';

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [620, 236, 48, 16, 34, 178];
const x = (compound: number) => LEFT + ((compound + 1) / 2) * (WIDTH - LEFT - RIGHT);

type Line = { low: number; steady: number; warm: number };

/** Places of three levels between two heights, the higher the number the further up. */
function heights({ low, steady, warm }: Line, top: number, bottom: number): Line {
  const [least, most] = [Math.min(low, steady, warm), Math.max(low, steady, warm)];
  const y = (value: number) => (most === least ? (top + bottom) / 2 : bottom - ((value - least) / (most - least)) * (bottom - top));
  return { low: y(low), steady: y(steady), warm: y(warm) };
}

const path = (curve: Curve, y: Line) => `M${x(-1)} ${y.low}H${x(curve.lowBelow)}V${y.steady}H${x(curve.warmAbove)}V${y.warm}H${x(1)}`;

const clamp = (value: number, low: number, high: number) => Math.round(Math.min(high, Math.max(low, value)) * 1_000) / 1_000;

export function ToneCurve({ curve, temperature, topP, on }: { curve: Curve; temperature: number; topP: number; on: boolean }) {
  const step = (by: number) => (on ? by : 0);
  const heat: Line = {
    low: clamp(temperature + step(curve.lowTemperature), 0, 2),
    steady: temperature,
    warm: clamp(temperature + step(curve.warmTemperature), 0, 2),
  };
  const share: Line = {
    low: clamp(topP + step(curve.lowTopP), 0.05, 1),
    steady: topP,
    warm: clamp(topP + step(curve.warmTopP), 0.05, 1),
  };
  const [hot, cut] = [heights(heat, TOP + 22, 108), heights(share, 128, BOTTOM - 14)];
  const words = `Below ${curve.lowBelow} temperature ${heat.low} and top_p ${share.low}; above ${curve.warmAbove} temperature ${heat.warm} and top_p ${share.warm}; in between ${heat.steady} and ${share.steady}.`;
  return (
    <figure className="tone-curve">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words}>
        <rect className="curve-low" x={x(-1)} y={TOP - 22} width={x(curve.lowBelow) - x(-1)} height={BOTTOM - TOP + 22} />
        <rect className="curve-warm" x={x(curve.warmAbove)} y={TOP - 22} width={x(1) - x(curve.warmAbove)} height={BOTTOM - TOP + 22} />
        <text className="curve-name" x={(x(-1) + x(curve.lowBelow)) / 2} y={TOP - 6} data-mood="low">
          low
        </text>
        <text className="curve-name" x={(x(curve.lowBelow) + x(curve.warmAbove)) / 2} y={TOP - 6}>
          steady: as set
        </text>
        <text className="curve-name" x={(x(curve.warmAbove) + x(1)) / 2} y={TOP - 6} data-mood="warm">
          warm
        </text>
        <path className="curve-heat" d={path(curve, hot)} />
        <path className="curve-share" d={path(curve, cut)} />
        {(['low', 'steady', 'warm'] as const).map((part) => {
          const middle = {
            low: (x(-1) + x(curve.lowBelow)) / 2,
            steady: (x(curve.lowBelow) + x(curve.warmAbove)) / 2,
            warm: (x(curve.warmAbove) + x(1)) / 2,
          }[part];
          return (
            <g key={part}>
              <text className="curve-number" x={middle} y={hot[part] - 6}>
                {heat[part].toFixed(2)}
              </text>
              <text className="curve-number quiet" x={middle} y={cut[part] - 6}>
                {share[part].toFixed(2)}
              </text>
            </g>
          );
        })}
        {[-1, curve.lowBelow, 0, curve.warmAbove, 1].map((mark) => (
          <text key={mark} className="curve-mark" x={x(mark)} y={BOTTOM + 18}>
            {mark > 0 ? `+${mark}` : String(mark).replace('-', '−')}
          </text>
        ))}
        <text className="curve-mark" x={x(-1)} y={BOTTOM + 40} data-start>
          how you sounded
        </text>
        <path className="curve-heat" d={`M${x(0.18)} ${BOTTOM + 36}h18`} />
        <text className="curve-mark" x={x(0.18) + 24} y={BOTTOM + 40} data-start>
          temperature
        </text>
        <path className="curve-share" d={`M${x(0.68)} ${BOTTOM + 36}h18`} />
        <text className="curve-mark" x={x(0.68) + 24} y={BOTTOM + 40} data-start>
          top_p
        </text>
      </svg>
    </figure>
  );
}

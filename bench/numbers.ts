/** The value below which a share of the samples lies; NaN where there are none. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
}

export function mean(samples: readonly number[]): number {
  return samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
}

/** A sample of something that changes over time. */
export interface TimedSample {
  readonly minutes: number;
  readonly value: number;
}

/** Growth a minute, by least squares. */
export function slopePerMinute(samples: readonly TimedSample[]): number {
  const middle = mean(samples.map(({ minutes }) => minutes));
  const level = mean(samples.map(({ value }) => value));
  const covariance = mean(samples.map(({ minutes, value }) => (minutes - middle) * (value - level)));
  return covariance / mean(samples.map(({ minutes }) => (minutes - middle) ** 2));
}

/** How much larger the median of the last third is than that of the first, in percent. */
export function growthByThirds(samples: readonly number[]): number {
  const third = Math.max(1, Math.floor(samples.length / 3));
  const first = quantile(samples.slice(0, third), 0.5);
  return (quantile(samples.slice(-third), 0.5) / first - 1) * 100;
}

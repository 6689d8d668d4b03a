/** What a link does to the packets of one direction. What is left out is not done. */
export interface Impairment {
  /** Share of the packets that are lost, 0 to 1, before the rate limit. */
  readonly loss?: number;
  /** Mean length of a run of lost packets; left out or 0, each packet is lost by itself. */
  readonly burst?: number;
  /** Milliseconds that a packet is on its way. */
  readonly delay?: number;
  /** Milliseconds around `delay`, evenly spread. */
  readonly jitter?: number;
  /** Lets jitter change the order; else a packet waits for those before it. */
  readonly jitterReorders?: boolean;
  /** Share of the packets that are held back by `reorderMs`, so that later ones overtake them. */
  readonly reorder?: number;
  /** Milliseconds, 20 where left out. */
  readonly reorderMs?: number;
  /** Share of the packets that arrive twice. */
  readonly duplicate?: number;
  /** Bits a second, the IPv4 and UDP headers counted; `Infinity` takes the limit away. */
  readonly rate?: number;
  /** Milliseconds of waiting before the rate limit, at the rate of the moment; newcomers beyond are dropped. */
  readonly queueMs?: number;
  /** Bytes before the rate limit; newcomers beyond are dropped. */
  readonly queueBytes?: number;
}

export const UNIMPAIRED: Required<Impairment> = {
  loss: 0,
  burst: 0,
  delay: 0,
  jitter: 0,
  jitterReorders: false,
  reorder: 0,
  reorderMs: 20,
  duplicate: 0,
  rate: Number.POSITIVE_INFINITY,
  queueMs: 300,
  queueBytes: 1_000_000,
};

/** @throws RangeError where a number makes no sense */
export function impair(before: Required<Impairment>, change: Impairment): Required<Impairment> {
  const settings = { ...before, ...change };
  for (const [name, value] of Object.entries(settings)) {
    if (typeof value === 'number' && !(value >= 0)) refuse(name, 'a number from 0', value);
  }
  for (const name of ['loss', 'reorder', 'duplicate'] as const) {
    if (settings[name] > 1) refuse(name, 'a share from 0 to 1', settings[name]);
  }
  if (settings.rate === 0) refuse('rate', 'more than 0 (an outage stops a link)', 0);
  if (settings.burst > 0 && settings.burst < 1) refuse('burst', '0, or 1 packet and more', settings.burst);
  return settings;
}

function refuse(name: string, expected: string, found: number): never {
  throw new RangeError(`Cannot impair the link: expected ${name} to be ${expected}, found ${found}`);
}

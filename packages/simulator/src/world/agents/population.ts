/**
 * Who lives in a market, as data. Counts are agents; `everyMs` is the mean waiting time of one agent between two
 * looks, exponentially distributed; sizes are contracts.
 */
export type Population = readonly AgentGroup[];

export type AgentGroup = NoiseTraders | InformedTraders | MomentumTraders | MakerAgents | Whales;

interface Group {
  readonly count: number;
  readonly everyMs: number;
  readonly contracts: number;
}

/** They know nothing, and take or wait on either side alike. */
export interface NoiseTraders extends Group {
  readonly kind: 'noise';
  /** Share of orders that wait in the book instead of taking, 0 … 1. */
  readonly restingShare: number;
  /** Mean life of an order that waits. */
  readonly restingMs: number;
}

/** They know the fair value and take what is priced wrong. */
export interface InformedTraders extends Group {
  readonly kind: 'informed';
  /** What must be left beyond the taker's fee. */
  readonly edgeCents: number;
}

/** They follow what prices did since they looked last. */
export interface MomentumTraders extends Group {
  readonly kind: 'momentum';
  /** A smaller move does not interest them. */
  readonly thresholdCents: number;
}

/** They quote both sides around a slightly wrong opinion, shaded by what they hold. */
export interface MakerAgents extends Group {
  readonly kind: 'maker';
  readonly halfSpreadCents: number;
  /** Price levels on each side. */
  readonly levels: number;
}

/** Rarely seen, large: they sweep several levels at once, or lay a wall near the touch. */
export interface Whales extends Group {
  readonly kind: 'whale';
  /** Levels that a sweep goes through at most. */
  readonly sweepLevels: number;
  readonly restingShare: number;
  readonly restingMs: number;
}

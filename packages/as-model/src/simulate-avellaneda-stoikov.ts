import { inputError, requireFinite, requireNonNegative, requirePositive } from './model-input.ts';
import { reservationPriceCents } from './reservation-price.ts';
import { halfSpreadCents } from './spread.ts';

/** Input of {@link simulateAvellanedaStoikov}. Price unit, time unit and T are the paper's and the caller's to choose. */
export interface AvellanedaStoikovSimulation {
  /** Risk aversion, per price unit. At least 0. */
  readonly gamma: number;
  /** Volatility, in price units per square root of a time unit. At least 0. */
  readonly sigma: number;
  /** Decay of the fill intensity, per price unit. Above 0. */
  readonly k: number;
  /** Fill intensity at distance 0, per time unit. At least 0. */
  readonly A: number;
  /** Length of a path, in time units. Above 0. */
  readonly T: number;
  /** Time step, in time units; T must be a whole number of steps. */
  readonly dt: number;
  /** Inventory at the start, in contracts. */
  readonly q0: number;
  /** Number of paths, an integer of at least 2. */
  readonly paths: number;
  /**
   * `inventory` quotes around the reservation price; `symmetric` quotes around the mid with the time-average of the
   * same spread.
   */
  readonly strategy: 'inventory' | 'symmetric';
}

/** Sample statistics over the paths, in price units and contracts. Standard deviations divide by paths - 1. */
export interface AvellanedaStoikovStatistics {
  readonly averageSpread: number;
  readonly meanProfit: number;
  readonly sdProfit: number;
  readonly meanFinalInventory: number;
  readonly sdFinalInventory: number;
  readonly meanFills: number;
}

/**
 * The numerical experiment of Avellaneda and Stoikov 2008, section 3. In each step the quotes are set from the mid s
 * and the inventory; each side fills one contract with probability min(1, A * exp(-k * distance) * dt), the distance
 * measured from s (it may be negative); then s moves by +-sigma * sqrt(dt). Profit is the change of cash + q * s over
 * the path, so the starting price cancels out and inventory held at the start earns only its move.
 *
 * @param random uniform in [0, 1), called three times per step: bid fill, ask fill, direction of the mid.
 * @throws RangeError when a field is not finite or outside the range stated for it.
 */
export function simulateAvellanedaStoikov(
  simulation: AvellanedaStoikovSimulation,
  random: () => number,
): AvellanedaStoikovStatistics {
  const { k, A, dt, q0, paths } = simulation;
  const steps = countSteps(simulation);
  const { half, skew } = quoteSchedule(simulation, steps);
  const move = simulation.sigma * Math.sqrt(dt);
  const profits = new Float64Array(paths);
  const inventories = new Float64Array(paths);
  let fills = 0;

  for (let path = 0; path < paths; path++) {
    let s = 0; // only differences count
    let q = q0;
    let cash = 0;
    for (let step = 0; step < steps; step++) {
      const h = half[step]!;
      const shift = q * skew[step]!;
      const bidDistance = h + shift;
      const askDistance = h - shift;
      if (random() < A * Math.exp(-k * bidDistance) * dt) {
        q += 1;
        cash -= s - bidDistance;
        fills += 1;
      }
      if (random() < A * Math.exp(-k * askDistance) * dt) {
        q -= 1;
        cash += s + askDistance;
        fills += 1;
      }
      s += random() < 0.5 ? move : -move;
    }
    profits[path] = cash + q * s;
    inventories[path] = q;
  }

  const profit = meanAndSd(profits);
  const inventory = meanAndSd(inventories);
  return {
    averageSpread: averageSpread(simulation),
    meanProfit: profit.mean,
    sdProfit: profit.sd,
    meanFinalInventory: inventory.mean,
    sdFinalInventory: inventory.sd,
    meanFills: fills / paths,
  };
}

function countSteps(simulation: AvellanedaStoikovSimulation): number {
  const where = 'simulateAvellanedaStoikov';
  const { A, T, dt, q0, paths, strategy } = simulation;
  requireNonNegative(where, 'A', A);
  requirePositive(where, 'T', T);
  requirePositive(where, 'dt', dt);
  requireFinite(where, 'q0', q0);
  if (!Number.isInteger(paths) || paths < 2) throw inputError(where, 'paths', paths, 'an integer >= 2');
  if (strategy !== 'inventory' && strategy !== 'symmetric') {
    throw inputError(where, 'strategy', strategy, "'inventory' or 'symmetric'");
  }
  const steps = Math.round(T / dt);
  if (steps < 1 || Math.abs(steps * dt - T) > 1e-9 * T) {
    throw inputError(where, 'dt', dt, `a whole fraction of T (${T})`);
  }
  return steps;
}

/** Per step: the half-spread, and the shift of the quotes' centre below the mid per contract held. */
function quoteSchedule(
  simulation: AvellanedaStoikovSimulation,
  steps: number,
): { half: Float64Array; skew: Float64Array } {
  const half = new Float64Array(steps);
  const skew = new Float64Array(steps);
  const symmetricHalf = averageSpread(simulation) / 2;
  for (let step = 0; step < steps; step++) {
    const tau = 1 - step / steps;
    if (simulation.strategy === 'symmetric') {
      half[step] = symmetricHalf;
    } else {
      const horizon = overHorizon(simulation);
      half[step] = halfSpreadCents({ ...horizon, kPerCent: simulation.k, tau });
      skew[step] = -reservationPriceCents({ ...horizon, midCents: 0, inventoryContracts: 1, tau });
    }
  }
  return { half, skew };
}

/** The spread is linear in tau, so its average over the path is its value half-way. */
function averageSpread(simulation: AvellanedaStoikovSimulation): number {
  return 2 * halfSpreadCents({ ...overHorizon(simulation), kPerCent: simulation.k, tau: 0.5 });
}

/** The formulas take sigma per square root of the whole horizon, and tau as a fraction of it. */
function overHorizon(simulation: AvellanedaStoikovSimulation): { gammaPerCent: number; sigmaCents: number } {
  return { gammaPerCent: simulation.gamma, sigmaCents: simulation.sigma * Math.sqrt(simulation.T) };
}

function meanAndSd(values: Float64Array): { mean: number; sd: number } {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, sd: Math.sqrt(squares / (values.length - 1)) };
}

import { createRandom, MmError, type Price, type PriceGrid, type Random, type Side } from '@kalshi-mm/core';
import type { UserId } from '../exchange-api.ts';
import type { ExchangeState } from '../exchange-state.ts';
import { payIncentive } from '../shard-cash.ts';
import type {
  IncentiveDesk,
  IncentiveProgram,
  IncentiveScore,
  IncentiveScores,
  IncentiveTerms,
} from './incentive-api.ts';
import { incentiveReward } from './incentive-reward.ts';
import { scoreSide } from './score-side.ts';

/**
 * Keeps incentive programs: looks at the book once in every second of a window, at an instant that follows from the
 * seed and the program, and pays when the window is over. Without programs it plans nothing and draws nothing.
 */
export function createIncentiveDesk(state: ExchangeState, seed: number | string): IncentiveDesk {
  const programs = new Map<string, RunningProgram>();
  return {
    addIncentiveProgram(terms, paidOut = false) {
      check(terms, programs.has(terms.programId));
      const program = new RunningProgram(state, terms, paidOut, `${seed} ${terms.programId}`);
      programs.set(terms.programId, program);
      program.plan();
    },
    incentivePrograms: () => [...programs.values()].map((program) => program.record()),
    incentiveScores: (programId) => programs.get(programId)?.scores() ?? null,
  };
}

class RunningProgram {
  readonly #state: ExchangeState;
  readonly #terms: IncentiveTerms;
  readonly #random: Random;
  readonly #scores = new Map<UserId | null, number>();
  #paidOut: boolean;
  #snapshots = 0;
  #qualifiedSides = 0;

  constructor(state: ExchangeState, terms: IncentiveTerms, paidOut: boolean, seed: string) {
    this.#state = state;
    this.#terms = terms;
    this.#paidOut = paidOut;
    this.#random = createRandom(seed);
  }

  record(): IncentiveProgram {
    return { ...this.#terms, paidOut: this.#paidOut };
  }

  plan(): void {
    const { type, targetSize, startMs, endMs, payoutDelayMs = 0 } = this.#terms;
    const { nowMs, schedule } = this.#state;
    if (type !== 'liquidity' || targetSize === null || this.#paidOut || endMs <= nowMs) return;
    this.#planSnapshot(Math.max(0, Math.ceil((nowMs - startMs) / SECOND)));
    schedule.add(endMs + payoutDelayMs, () => this.#pay());
  }

  scores(): IncentiveScores {
    const { pool, mostPerAccount } = this.#terms;
    const scores = [...this.#scores].map(([userId, score]): IncentiveScore => {
      const share = this.#snapshots === 0 ? 0 : score / (2 * this.#snapshots);
      const paid = userId !== null && this.#state.accounts.get(userId)?.house === false;
      const reward = incentiveReward(pool, paid ? share : 0, mostPerAccount);
      return { userId, score, share, reward };
    });
    scores.sort((a, b) => b.score - a.score);
    return { snapshots: this.#snapshots, qualifiedSides: this.#qualifiedSides, scores };
  }

  /** @param second of the window, from 0 */
  #planSnapshot(second: number): void {
    const { startMs, endMs } = this.#terms;
    const secondMs = startMs + second * SECOND;
    if (secondMs >= endMs) return;
    const atMs = secondMs + this.#random.integer(Math.min(SECOND, endMs - secondMs));
    this.#state.schedule.add(atMs, () => {
      this.#snapshots++;
      this.#scoreSide('bid');
      this.#scoreSide('ask');
      this.#planSnapshot(second + 1);
    });
  }

  #scoreSide(side: Side): void {
    const { ticker, rule = 'reference-price', targetSize, discountBps } = this.#terms;
    const listed = this.#state.markets.get(ticker);
    if (listed === undefined || listed.market.status !== 'active') return;
    const shares = scoreSide(listed.engine.restingOrders(side), {
      rule,
      targetSize: targetSize!,
      discountBps: discountBps ?? 10_000,
      ticksBetween: ticksOn(listed.market.grid),
    });
    if (shares === null) return;
    this.#qualifiedSides++;
    for (const [userId, share] of shares) this.#scores.set(userId, (this.#scores.get(userId) ?? 0) + share);
  }

  #pay(): void {
    this.#paidOut = true;
    const exchangeIndex = this.#state.markets.get(this.#terms.ticker)?.market.exchangeIndex ?? 0;
    for (const { userId, reward } of this.scores().scores) {
      if (userId !== null && reward > 0) payIncentive(this.#state, userId, reward, exchangeIndex);
    }
  }
}

function ticksOn(grid: PriceGrid): (a: Price, b: Price) => number {
  return (a, b) => Math.abs(grid.indexByPrice[a]! - grid.indexByPrice[b]!);
}

function check(terms: IncentiveTerms, known: boolean): void {
  const { programId, startMs, endMs, pool, targetSize, discountBps, mostPerAccount } = terms;
  const rules: readonly (readonly [boolean, string])[] = [
    [!known, 'there is one already'],
    [startMs < endMs, 'its window ends before it starts'],
    [Number.isSafeInteger(pool) && pool > 0, 'its pool is not a positive amount'],
    [targetSize === null || targetSize > 0, 'its target size is not positive'],
    [
      discountBps === null || (discountBps >= 0 && discountBps <= 10_000),
      'its discount does not lie between 0 and 10000 basis points',
    ],
    [mostPerAccount === null || mostPerAccount >= 0, 'its most per account is negative'],
    [(terms.payoutDelayMs ?? 0) >= 0, 'it pays before its window is over'],
  ];
  const broken = rules.find(([holds]) => !holds);
  if (broken === undefined) return;
  throw new MmError('incentive-terms', `Incentive program ${programId} cannot be: ${broken[1]}`);
}

const SECOND = 1_000;

import type { Count, Timestamp } from '@kalshi-mm/core';
import type { ExchangeOrderGroup, UserId } from './exchange-api.ts';
import type { Order } from './order.ts';

/** A user's fill-rate breaker: what its orders have matched lately, and what of it rests. */
export class OrderGroup {
  readonly groupId: string;
  readonly userId: UserId;
  readonly exchangeIndex: number;
  readonly createdMs: Timestamp;
  limit: number;
  triggered = false;
  /** In order of arrival. */
  readonly resting = new Set<Order>();
  readonly #matches: { readonly atMs: number; readonly count: number }[] = [];
  #matched = 0;

  constructor(groupId: string, userId: UserId, exchangeIndex: number, limit: number, createdMs: Timestamp) {
    this.groupId = groupId;
    this.userId = userId;
    this.exchangeIndex = exchangeIndex;
    this.limit = limit;
    this.createdMs = createdMs;
  }

  add(count: number, atMs: number): void {
    this.#matches.push({ atMs, count });
    this.#matched += count;
  }

  /** Matched within the window that ends now. A match counts for less than 15 seconds. */
  matchedAt(nowMs: number): number {
    let old = 0;
    while (old < this.#matches.length && this.#matches[old]!.atMs <= nowMs - WINDOW_MS) {
      this.#matched -= this.#matches[old]!.count;
      old++;
    }
    if (old > 0) this.#matches.splice(0, old);
    return this.#matched;
  }

  clear(): void {
    this.#matches.length = 0;
    this.#matched = 0;
  }

  snapshot(nowMs: number): ExchangeOrderGroup {
    return {
      groupId: this.groupId,
      userId: this.userId,
      exchangeIndex: this.exchangeIndex,
      limit: this.limit as Count,
      matched: this.matchedAt(nowMs) as Count,
      triggered: this.triggered,
      orders: [...this.resting].map((order) => order.orderId),
      createdMs: this.createdMs,
    };
  }
}

const WINDOW_MS = 15_000;

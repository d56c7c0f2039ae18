import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Exchange } from '@kalshi-mm/simulator';
import { ApiError } from '../rest/api-error.ts';
import type { WallTimers } from '../time/wall-timers.ts';
import type { Faults } from './faults.ts';
import type { StaleReads } from './stale-reads.ts';

/** The answering end of an HTTP connection. */
export interface Connection {
  readonly socket: { destroy(): void } | null;
}

/** The faults of REST, in the order in which a request meets them. */
export class RestFaults {
  readonly #faults: Faults;
  readonly #stale: StaleReads | null;
  readonly #timers: WallTimers;
  readonly #speed: () => number;

  /** @param stale null: reads are of now */
  constructor(faults: Faults, stale: StaleReads | null, timers: WallTimers, speed: () => number) {
    this.#faults = faults;
    this.#stale = stale;
    this.#timers = timers;
    this.#speed = speed;
  }

  cutsBefore(operation: string): boolean {
    const faults = this.#faults;
    if (!faults.isActive) return false;
    if (isCancel(operation) && faults.happens('restCancelReset', operation)) return true;
    return faults.happens('restReset', operation);
  }

  /** Ends the connection instead of answering. */
  cut(connection: Connection | undefined): Response {
    connection?.socket?.destroy();
    return RESPONSE_ALREADY_SENT;
  }

  /** @throws ApiError 503 or 429, with nothing done or billed */
  refuse(operation: string): void {
    if (this.#faults.happens('restUnavailable', operation)) throw unavailable();
    if (this.#faults.happens('restRateLimited', operation)) throw ApiError.nested(429, 'too_many_requests');
  }

  /** @throws ApiError 400 for a write, with nothing done */
  reject(operation: string): void {
    if (isWrite(operation) && this.#faults.happens('restReject', operation)) {
      throw ApiError.nested(400, 'invalid_parameters');
    }
  }

  entryFails(operation: string): boolean {
    return this.#faults.happens('restBatchEntryFails', operation);
  }

  /** Where account data is read from. */
  accountView(exchange: Exchange): Exchange {
    return this.#stale === null ? exchange : this.#stale.view();
  }

  /** Takes down the accounts as they are now, for reads that will lag. */
  record(): void {
    this.#stale?.record();
  }

  /** What the client gets of an answer to something that has been carried out. */
  async answer(operation: string, response: Response, connection: Connection | undefined): Promise<Response> {
    const faults = this.#faults;
    if (!faults.isActive) return response;
    if (isCancel(operation) && faults.happens('restCancelApplyThenReset', operation))
      return this.cut(connection);
    if (isWrite(operation) && faults.happens('restApplyThenReset', operation)) return this.cut(connection);
    if (isWrite(operation) && faults.happens('restApplyThenUnavailable', operation)) throw unavailable();
    const isEmpty = response.body !== null && faults.happens('restEmptyBody', operation);
    if (faults.happens('restLate', operation)) await this.#wait();
    if (!isEmpty) return response;
    return new Response(null, { status: response.status, headers: response.headers });
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#timers.after(this.#faults.options.restLateMs / this.#speed(), resolve);
    });
  }
}

function isWrite(operation: string): boolean {
  return !operation.startsWith('GET ');
}

/** Of one order, several or all. */
function isCancel(operation: string): boolean {
  return operation.startsWith('DELETE /portfolio/events/orders');
}

function unavailable(): ApiError {
  return ApiError.nested(503, 'service_unavailable');
}

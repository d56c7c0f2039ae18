import { MmError } from '@kalshi-mm/core';

/**
 * A write was sent, and what became of it is not known: time-out, reset, 5xx, or an answer that does not fit. It may
 * have been carried out. Read the account before doing it again.
 */
export class OutcomeUnknownError extends MmError {
  override readonly name = 'OutcomeUnknownError';

  constructor(request: string, why: string) {
    super('outcome-unknown', `${request}: it is not known whether it was carried out (${why})`, {
      todo: 'Read the account first; send it again only when it shows no trace of it.',
      recovery: 'reconcile',
    });
  }
}

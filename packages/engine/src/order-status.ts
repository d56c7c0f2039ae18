/**
 * Life of one of our orders. `unconfirmed`, `canceling` and `matched` still count against every limit; `matched`
 * means that nothing rests any more but fills which the exchange has reported are still on their way.
 */
export type OrderStatus =
  | 'submitting'
  | 'resting'
  | 'matched'
  | 'canceling'
  | 'unconfirmed'
  | 'filled'
  | 'canceled'
  | 'expired'
  | 'rejected';

/** What can happen to an order. */
export type OrderTrigger =
  /** The exchange has it and some of it rests. */
  | 'accepted'
  /** The exchange took it and nothing rests any more. */
  | 'accepted-done'
  /** The same, and it reports matches whose fills have not arrived. */
  | 'accepted-matched'
  | 'rejected'
  | 'unconfirmed'
  /** Fills have reached the whole count. */
  | 'filled'
  | 'cancel-sent'
  | 'canceled'
  | 'expired'
  /** "Not found" in answer to a cancel: it does not rest. It may have been filled; fills will tell. */
  | 'cancel-not-found'
  /** The cancel was definitely not carried out. */
  | 'cancel-refused'
  | 'reported-resting'
  /** The same for an order that we took for dead, in a read that is clearly newer than that news. */
  | 'reported-alive'
  /** Missing from a complete read that is newer than anything we did to it. */
  | 'reported-absent';

type Row = Partial<Record<OrderTrigger, OrderStatus>>;

/**
 * Every legal step, in one table. A pair that is not here is ignored and counted: the exchange's messages may
 * be late, doubled or out of order, and none of them may bring a dead order back to life without evidence.
 */
const transitions: Record<OrderStatus, Row> = {
  submitting: {
    accepted: 'resting',
    'accepted-done': 'canceled',
    'accepted-matched': 'matched',
    rejected: 'rejected',
    unconfirmed: 'unconfirmed',
    filled: 'filled',
    canceled: 'canceled',
    expired: 'expired',
    'reported-resting': 'resting',
  },
  resting: {
    accepted: 'resting',
    'accepted-done': 'canceled',
    'accepted-matched': 'matched',
    unconfirmed: 'unconfirmed',
    filled: 'filled',
    'cancel-sent': 'canceling',
    canceled: 'canceled',
    expired: 'expired',
    'reported-resting': 'resting',
    'reported-absent': 'canceled',
  },
  canceling: {
    accepted: 'canceling',
    'accepted-done': 'canceled',
    'accepted-matched': 'matched',
    unconfirmed: 'canceling',
    filled: 'filled',
    canceled: 'canceled',
    expired: 'expired',
    'cancel-not-found': 'canceled',
    'cancel-refused': 'resting',
    'reported-resting': 'canceling',
    'reported-absent': 'canceled',
  },
  unconfirmed: {
    accepted: 'resting',
    'accepted-done': 'canceled',
    'accepted-matched': 'matched',
    rejected: 'rejected',
    unconfirmed: 'unconfirmed',
    filled: 'filled',
    canceled: 'canceled',
    expired: 'expired',
    'reported-resting': 'resting',
  },
  matched: {
    filled: 'filled',
    'accepted-matched': 'matched',
    // It had matched less than we took it for, and the fills of that are all here.
    canceled: 'canceled',
    expired: 'expired',
    'accepted-done': 'canceled',
    // A read that is this much newer has brought every fill with it: the figure was wrong.
    'reported-absent': 'canceled',
  },
  // It happens: the fill was on its way when the cancel, the expiry or the refusal was told.
  canceled: {
    filled: 'filled',
    canceled: 'canceled',
    'cancel-not-found': 'canceled',
    'reported-alive': 'resting',
  },
  expired: {
    filled: 'filled',
    expired: 'expired',
    canceled: 'expired',
    'cancel-not-found': 'expired',
    'reported-alive': 'resting',
  },
  // "It never arrived" was wrong: the order itself is the better evidence.
  rejected: { accepted: 'resting', filled: 'filled', 'reported-resting': 'resting' },
  filled: { 'reported-alive': 'resting', filled: 'filled', canceled: 'filled', 'cancel-not-found': 'filled' },
};

export const OrderStatus = {
  /** The status after a trigger, or null when the pair is not legal. */
  after: (status: OrderStatus, trigger: OrderTrigger): OrderStatus | null =>
    transitions[status][trigger] ?? null,
  /** True while the order may still be filled. */
  isOpen: (status: OrderStatus): boolean =>
    status === 'submitting' ||
    status === 'resting' ||
    status === 'matched' ||
    status === 'canceling' ||
    status === 'unconfirmed',
} as const;

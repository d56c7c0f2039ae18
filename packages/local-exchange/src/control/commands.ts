import { MmError, Money, Price, PriceGrid, Ticker, Timestamp } from '@kalshi-mm/core';
import type { Auditor, IncentiveRule, IncentiveTerms, SimulatedExchange, UserId } from '@kalshi-mm/simulator';
import { z } from 'zod';
import { FAULT_NAMES, type FaultName, FaultOrder } from '../faults/fault-options.ts';
import type { LocalFaults } from '../faults/faults.ts';
import type { Pump } from '../time/pump.ts';
import type { SimulatedClock } from '../time/simulated-clock.ts';
import { incentiveTerms } from '../wire/incentive-program.ts';
import { incentivesJson } from './incentives-json.ts';
import { ledgerJson } from './ledger-json.ts';

/** What can be controlled. */
export interface ControlHost {
  readonly exchange: SimulatedExchange;
  readonly clock: SimulatedClock;
  readonly pump: Pump;
  readonly faults: LocalFaults;
  /** Null for a world of the caller's own. */
  readonly auditor: Auditor | null;
  readonly users: readonly UserId[];
}

/** A command that cannot be followed. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface ControlCommand {
  readonly method: 'GET' | 'POST';
  /** With at most one `:parameter`. */
  readonly path: string;
  readonly meaning: string;
  readonly run: (host: ControlHost, body: unknown, parameter: string) => object;
}

const nothing = z.strictObject({});
const speedBody = z.strictObject({ speed: z.number().positive().max(1e6) });
const stepBody = z.strictObject({
  ms: z
    .int()
    .min(1)
    .max(31 * 24 * 3_600_000),
});
const activeBody = z.strictObject({ active: z.boolean(), exchange_index: z.int().min(0).optional() });
const feesBody = z.strictObject({ fee_type: z.string().min(1), fee_multiplier: z.number().min(0).max(100) });
const eventFeesBody = z.union([z.strictObject({ fee_type: z.null() }), feesBody]);
const resultBody = z.strictObject({
  result: z.enum(['yes', 'no', 'scalar']),
  settlement_value_dollars: z.string().optional(),
});

const closeBody = z.strictObject({ at: z.iso.datetime().optional() });
const describedBody = z.strictObject({
  floor_strike: z.number().optional(),
  cap_strike: z.number().optional(),
  yes_sub_title: z.string().min(1).optional(),
});
const rangeBody = z.strictObject({ start: z.string(), end: z.string(), step: z.string() });
const gridBody = z.strictObject({ price_ranges: z.array(rangeBody).min(1) });
const depositBody = z.strictObject({
  // Balances are kept at $0.0001; sums of such amounts are still exact.
  dollars: z
    .string()
    .regex(/^\d{1,9}(\.\d{1,4})?$/, 'expected dollars with at most 4 decimals, below a billion'),
  exchange_index: z.int().min(0).optional(),
});

const incentiveBody = z.strictObject({
  id: z.string().min(1),
  market_ticker: z.string().min(1),
  incentive_type: z
    .enum(['liquidity', 'volume', 'margin_maker_volume', 'margin_taker_volume'])
    .default('liquidity'),
  incentive_description: z.string().default(''),
  start_date: z.iso.datetime(),
  end_date: z.iso.datetime(),
  period_reward: z.int().min(1),
  target_size_fp: z.string().optional(),
  discount_factor_bps: z.int().min(0).max(10_000).nullish(),
  max_reward_per_account: z.int().min(0).nullish(),
  rule: z.enum(['best-price', 'reference-price']).optional(),
  payout_delay_ms: z.int().min(0).optional(),
});

/** Everything that the control port understands. */
export const commands: readonly ControlCommand[] = [
  get('/time', 'now, speed, whether time runs', timeJson),
  post('/time/pause', 'stop time', nothing, ({ clock }) => clock.pause(), timeJson),
  post('/time/resume', 'let time run', nothing, ({ clock }) => clock.resume(), timeJson),
  post(
    '/time/speed',
    '`{"speed"}`: simulated seconds per second',
    speedBody,
    ({ clock }, { speed }) => {
      clock.speed = speed;
    },
    timeJson,
  ),
  post('/time/step', '`{"ms"}`: move on at once', stepBody, ({ pump }, { ms }) => pump.step(ms), timeJson),
  get('/faults', 'how often each fault has happened', faultsJson),
  post(
    '/faults/:name',
    '`{"times"?, "match"?}`: make a fault happen',
    FaultOrder,
    ({ faults }, order, name) => faults.inject(faultName(name), order),
    faultsJson,
  ),
  onMarket(
    'close',
    '`{"at"?}`: close now, or move the close to that time; a closed market opens again',
    closeBody,
    ({ exchange }, { at }, ticker) =>
      exchange.setCloseTime(ticker, at === undefined ? exchange.nowMs : Timestamp.of(Date.parse(at))),
  ),
  onMarket('pause', 'pause', nothing, ({ exchange }, _, ticker) => exchange.setMarketActive(ticker, false)),
  onMarket('reactivate', 'reactivate, which cancels what rests', nothing, ({ exchange }, _, ticker) =>
    exchange.setMarketActive(ticker, true),
  ),
  onMarket(
    'determine',
    '`{"result", "settlement_value_dollars"?}`: set the result',
    resultBody,
    ({ exchange }, { result, settlement_value_dollars: value }, ticker) =>
      exchange.determine(ticker, result, ...(value === undefined ? [] : [Price.parse(value)])),
  ),
  onMarket('dispute', 'challenge a result that has not been paid', nothing, ({ exchange }, _, ticker) =>
    exchange.dispute(ticker),
  ),
  onMarket(
    'amend',
    'as `determine`: replace, or uphold, a result that has not been paid',
    resultBody,
    ({ exchange }, { result, settlement_value_dollars: value }, ticker) =>
      exchange.redetermine(ticker, result, ...(value === undefined ? [] : [Price.parse(value)])),
  ),
  onMarket(
    'describe',
    '`{"floor_strike"?, "cap_strike"?, "yes_sub_title"?}`: a strike that is known late',
    describedBody,
    ({ exchange }, { floor_strike: floor, cap_strike: cap, yes_sub_title: subTitle }, ticker) =>
      exchange.updateMarket(ticker, {
        ...(floor === undefined ? {} : { floorStrike: String(floor) }),
        ...(cap === undefined ? {} : { capStrike: String(cap) }),
        ...(subTitle === undefined ? {} : { subTitle }),
      }),
  ),
  onMarket(
    'grid',
    '`{"price_ranges":[{"start","end","step"}]}`: other prices are allowed from now on',
    gridBody,
    ({ exchange }, { price_ranges: ranges }, ticker) =>
      exchange.updateMarket(ticker, {
        grid: PriceGrid.of(
          ranges.map(({ start, end, step }) => ({
            start: Price.parse(start, 'start'),
            end: Price.parse(end, 'end'),
            step: Price.parse(step, 'step'),
          })),
        ),
      }),
  ),
  onMarket(
    'fees',
    '`{"fee_type", "fee_multiplier"}`: charge this from now on',
    feesBody,
    ({ exchange }, fees, ticker) => exchange.updateMarket(ticker, { fees: feesOf(fees) }),
  ),
  post(
    '/events/:ticker/fees',
    'the same for an event; `{"fee_type": null}` ends it',
    eventFeesBody,
    ({ exchange }, fees, event) => {
      if (!exchange.markets().some((market) => market.eventTicker === event)) throw unknown(event);
      exchange.setEventFees(event, fees.fee_type === null ? null : feesOf(fees as z.infer<typeof feesBody>));
    },
    () => ({}),
  ),
  post(
    '/users/:user/deposit',
    '`{"dollars", "exchange_index"?}`: money from outside',
    depositBody,
    ({ exchange }, { dollars, exchange_index }, user) =>
      exchange.deposit(user, Money.parse(dollars, 'dollars'), exchange_index),
    ({ exchange }, user) => ({ user_id: user, free_dollars: Money.format(exchange.balance(user)!.cash) }),
  ),
  post(
    '/exchange/trading',
    '`{"active", "exchange_index"?}`: pause or resume trading',
    activeBody,
    ({ exchange }, { active, exchange_index }) => exchange.setTradingActive(active, exchange_index),
    () => ({}),
  ),
  post(
    '/exchange/active',
    '`{"active", "exchange_index"?}`: pause or resume everything',
    activeBody,
    ({ exchange }, { active, exchange_index }) => exchange.setExchangeActive(active, exchange_index),
    () => ({}),
  ),
  get('/incentives', "every incentive program with everybody's score", ({ exchange }) =>
    incentivesJson(exchange),
  ),
  post(
    '/incentives',
    'a row of `GET /incentive_programs`, `"rule"?`, `"payout_delay_ms"?`: add a program',
    incentiveBody,
    ({ exchange }, { rule, payout_delay_ms: payoutDelayMs, ...row }) =>
      exchange.addIncentiveProgram(incentiveProgram(row, rule, payoutDelayMs)),
    ({ exchange }) => incentivesJson(exchange),
  ),
  get('/ledger', "the exchange's own books of every user", ({ exchange, users }) =>
    ledgerJson(exchange, users),
  ),
  get('/audit', 'whether independent bookkeeping agrees with them', auditJson),
];

function auditJson({ exchange, auditor }: ControlHost) {
  if (auditor === null) throw new ControlError(409, 'a custom world is not audited');
  try {
    auditor.check(exchange);
    return { agrees: true };
  } catch (error) {
    if (!(error instanceof MmError)) throw error;
    return { agrees: false, difference: error.message };
  }
}

function get(path: string, meaning: string, show: (host: ControlHost) => object): ControlCommand {
  return {
    method: 'GET',
    path,
    meaning,
    run(host) {
      host.pump.turn();
      return show(host);
    },
  };
}

function post<Body>(
  path: string,
  meaning: string,
  schema: z.ZodType<Body>,
  act: (host: ControlHost, body: Body, parameter: string) => void,
  show: (host: ControlHost, parameter: string) => object,
): ControlCommand {
  return {
    method: 'POST',
    path,
    meaning,
    run(host, body, parameter) {
      const parsed = schema.safeParse(body);
      if (!parsed.success) throw new ControlError(400, z.prettifyError(parsed.error));
      host.pump.turn();
      act(host, parsed.data, parameter);
      host.pump.turn();
      return show(host, parameter);
    },
  };
}

function onMarket<Body>(
  action: string,
  meaning: string,
  schema: z.ZodType<Body>,
  act: (host: ControlHost, body: Body, ticker: Ticker) => void,
): ControlCommand {
  return post(
    `/markets/:ticker/${action}`,
    meaning,
    schema,
    (host, body, parameter) => {
      const ticker = Ticker.of(parameter);
      if (host.exchange.market(ticker) === null) throw unknown(parameter);
      act(host, body, ticker);
    },
    ({ exchange }, ticker) => ({ ticker, status: exchange.market(Ticker.of(ticker))!.status }),
  );
}

function timeJson({ exchange, clock }: ControlHost) {
  return { now_ms: exchange.nowMs, speed: clock.speed, running: clock.isRunning };
}

function faultsJson({ faults }: ControlHost) {
  return { happened: Object.fromEntries(FAULT_NAMES.map((name) => [name, faults.happened(name)])) };
}

function incentiveProgram(
  { target_size_fp: target, ...row }: Omit<z.infer<typeof incentiveBody>, 'rule' | 'payout_delay_ms'>,
  rule: IncentiveRule | undefined,
  payoutDelayMs: number | undefined,
): IncentiveTerms {
  return {
    ...incentiveTerms({
      ...row,
      discount_factor_bps: row.discount_factor_bps ?? null,
      max_reward_per_account: row.max_reward_per_account ?? null,
      ...(target === undefined ? {} : { target_size_fp: target }),
    }),
    ...(rule === undefined ? {} : { rule }),
    ...(payoutDelayMs === undefined ? {} : { payoutDelayMs }),
  };
}

function feesOf(fees: z.infer<typeof feesBody>) {
  return { type: fees.fee_type, multiplierMicros: Math.round(fees.fee_multiplier * 1_000_000) };
}

/** An unknown one is refused where it is used. */
function faultName(name: string): FaultName {
  return name as FaultName;
}

function unknown(what: string): ControlError {
  return new ControlError(404, `there is no ${what}`);
}

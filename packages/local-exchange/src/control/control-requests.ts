/** A call of the control port. */
export interface ControlRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
}

/** A command of the control command line: its words in order, and the call that they make. */
export interface ControlVerb {
  readonly name: string;
  /** In commander's notation: `<needed>`, `[optional]`. */
  readonly words: string;
  readonly does: string;
  readonly request: (...words: (string | undefined)[]) => ControlRequest;
}

/** Every call of the control port as a command; what words mean is checked by the port. */
export const CONTROL_VERBS: readonly ControlVerb[] = [
  verb('time', '', 'now, speed, whether time runs', () => get('/time')),
  verb('pause', '', 'stop time', () => post('/time/pause')),
  verb('resume', '', 'let time run', () => post('/time/resume')),
  verb('speed', '<n>', 'simulated seconds per second', (n) => post('/time/speed', { speed: number(n) })),
  verb('step', '<ms>', 'move on by simulated milliseconds, at once', (ms) =>
    post('/time/step', { ms: number(ms) }),
  ),
  verb('faults', '', 'how often each fault has happened', () => get('/faults')),
  verb('inject', '<fault> [times] [match]', 'make a fault happen', (fault, times, match) =>
    post(`/faults/${part(fault)}`, {
      ...(times === undefined ? {} : { times: number(times) }),
      ...(match === undefined ? {} : { match }),
    }),
  ),
  verb('close', '<ticker> [time]', 'close a market now, or move its close to a time', (ticker, at) =>
    post(`/markets/${part(ticker)}/close`, at === undefined ? {} : { at }),
  ),
  verb('pause-market', '<ticker>', 'pause a market', (ticker) => post(`/markets/${part(ticker)}/pause`)),
  verb('reactivate', '<ticker>', 'reactivate it, which cancels what rests', (ticker) =>
    post(`/markets/${part(ticker)}/reactivate`),
  ),
  verb(
    'determine',
    '<ticker> <result> [dollars]',
    'set a result: yes, no, or scalar with its price',
    (ticker, result, dollars) => post(`/markets/${part(ticker)}/determine`, outcome(result, dollars)),
  ),
  verb('dispute', '<ticker>', 'challenge a result before it is paid', (ticker) =>
    post(`/markets/${part(ticker)}/dispute`),
  ),
  verb(
    'amend',
    '<ticker> <result> [dollars]',
    'replace a result before it is paid',
    (ticker, result, dollars) => post(`/markets/${part(ticker)}/amend`, outcome(result, dollars)),
  ),
  verb('describe', '<ticker> <floor-strike> [sub-title]', 'tell a late strike', (ticker, strike, title) =>
    post(`/markets/${part(ticker)}/describe`, {
      floor_strike: number(strike),
      ...(title === undefined ? {} : { yes_sub_title: title }),
    }),
  ),
  verb(
    'grid',
    '<ticker> <ranges>',
    'allow other prices, e.g. 0:0.1:0.001,0.1:0.9:0.01,0.9:1:0.001',
    (ticker, ranges) => post(`/markets/${part(ticker)}/grid`, { price_ranges: priceRanges(ranges) }),
  ),
  verb(
    'fees',
    '<ticker> <type> <multiplier>',
    'charge other fees in a market from now on',
    (ticker, type, multiplier) => post(`/markets/${part(ticker)}/fees`, fees(type, multiplier)),
  ),
  verb(
    'event-fees',
    '<event> <type> [multiplier]',
    'override the fees of an event; type "none" ends it',
    (event, type, multiplier) =>
      post(`/events/${part(event)}/fees`, type === 'none' ? { fee_type: null } : fees(type, multiplier)),
  ),
  verb('deposit', '<user> <dollars> [shard]', 'give a user money', (user, dollars, shard) =>
    post(`/users/${part(user)}/deposit`, {
      dollars,
      ...(shard === undefined ? {} : { exchange_index: number(shard) }),
    }),
  ),
  verb('trading', '<on|off> [shard]', 'resume or pause trading', (state, shard) =>
    post('/exchange/trading', active(state, shard)),
  ),
  verb('exchange', '<on|off> [shard]', 'resume or pause everything', (state, shard) =>
    post('/exchange/active', active(state, shard)),
  ),
  verb('incentives', '', 'every incentive program with everybody’s score', () => get('/incentives')),
  verb('ledger', '', 'the exchange’s own books of every user', () => get('/ledger')),
  verb('audit', '', 'whether independent bookkeeping agrees with them', () => get('/audit')),
];

/** A word that is not what its command takes. */
export class ControlWordError extends Error {
  override readonly name = 'ControlWordError';
}

function verb(
  name: string,
  words: string,
  does: string,
  request: (...words: (string | undefined)[]) => ControlRequest,
): ControlVerb {
  return { name, words, does, request };
}

function get(path: string): ControlRequest {
  return { method: 'GET', path };
}

function post(path: string, body: object = {}): ControlRequest {
  return { method: 'POST', path, body };
}

function part(word: string | undefined): string {
  return encodeURIComponent(word ?? '');
}

function fees(type: string | undefined, multiplier: string | undefined): object {
  return { fee_type: type, fee_multiplier: number(multiplier) };
}

function outcome(result: string | undefined, dollars: string | undefined): object {
  return { result, ...(dollars === undefined ? {} : { settlement_value_dollars: dollars }) };
}

function priceRanges(text: string | undefined): object[] {
  return (text ?? '').split(',').map((range) => {
    const [start, end, step] = range.split(':');
    return { start, end, step };
  });
}

function active(state: string | undefined, shard: string | undefined): object {
  if (state !== 'on' && state !== 'off') throw new ControlWordError(`expected on or off, found ${state}`);
  return { active: state === 'on', ...(shard === undefined ? {} : { exchange_index: number(shard) }) };
}

function number(word: string | undefined): number {
  const value = Number(word);
  if (word === undefined || word.trim() === '' || !Number.isFinite(value)) {
    throw new ControlWordError(`expected a number, found ${word ?? 'nothing'}`);
  }
  return value;
}

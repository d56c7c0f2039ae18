import type { Channel, PriceCommands } from './channels.ts';

/** A command as it goes over the wire; `id` comes back in the answer. */
export interface WireCommand {
  readonly id: number;
  readonly cmd: 'subscribe' | 'unsubscribe' | 'update_subscription' | 'list_subscriptions';
  readonly params?: Readonly<Record<string, unknown>>;
}

export function subscribe(
  id: number,
  channel: Channel,
  names: readonly string[],
  useYesPrice: boolean,
): WireCommand {
  return {
    id,
    cmd: 'subscribe',
    params: {
      channels: [channel.wire],
      ...(channel.scope === 'markets' ? { market_tickers: names } : {}),
      ...(channel.prices !== undefined && names.length > 0 ? { [channel.prices.parameter]: names } : {}),
      // Always said: the exchange is going to change the default.
      ...(channel.name === 'orderbook_delta' ? { use_yes_price: useYesPrice } : {}),
      ...(channel.name === 'ticker' ? { send_initial_snapshot: true } : {}),
    },
  };
}

export function unsubscribe(id: number, sid: number): WireCommand {
  return { id, cmd: 'unsubscribe', params: { sids: [sid] } };
}

export function updateMarkets(
  id: number,
  channel: Channel,
  sid: number,
  action: 'add_markets' | 'delete_markets' | 'get_snapshot',
  tickers: readonly string[],
): WireCommand {
  const initial =
    channel.name === 'ticker' && action === 'add_markets' ? { send_initial_snapshot: true } : {};
  return { id, cmd: 'update_subscription', params: { sid, action, market_tickers: tickers, ...initial } };
}

export function updatePrices(
  id: number,
  { parameter, add, remove }: PriceCommands,
  sid: number,
  change: 'add' | 'remove',
  names: readonly string[],
): WireCommand {
  const action = change === 'add' ? add : remove;
  return { id, cmd: 'update_subscription', params: { sid, action, [parameter]: names } };
}

export function listPrices(id: number, { list }: PriceCommands, sid: number): WireCommand {
  return { id, cmd: 'update_subscription', params: { sid, action: list } };
}

export function listSubscriptions(id: number): WireCommand {
  return { id, cmd: 'list_subscriptions' };
}

/** An operation of the exchange that the local one leaves out; it answers 501. */
export interface NotServed {
  readonly method: string;
  readonly path: string;
  readonly why: string;
}

/** What the official client knows and is not here. */
export const NOT_SERVED: readonly NotServed[] = [
  { method: 'POST', path: '/account/api_usage_level/upgrade', why: 'the tier is given at the start' },
  { method: 'POST', path: '/api_keys', why: 'keys are given at the start' },
  { method: 'DELETE', path: '/api_keys/:api_key', why: 'keys are given at the start' },
  { method: 'POST', path: '/api_keys/generate', why: 'keys are given at the start' },
  {
    method: 'POST',
    path: '/communications/block-trade-proposals/:block_trade_proposal_id/accept',
    why: 'no negotiated trades',
  },
  { method: 'PUT', path: '/communications/quotes/:quote_id/accept', why: 'no negotiated trades' },
  {
    method: 'PUT',
    path: '/communications/rfqs/:rfq_id/quotes/:quote_id/accept',
    why: 'no negotiated trades',
  },
  { method: 'PUT', path: '/communications/quotes/:quote_id/confirm', why: 'no negotiated trades' },
  {
    method: 'PUT',
    path: '/communications/rfqs/:rfq_id/quotes/:quote_id/confirm',
    why: 'no negotiated trades',
  },
  { method: 'POST', path: '/communications/quotes', why: 'no negotiated trades' },
  { method: 'POST', path: '/communications/rfqs', why: 'no negotiated trades' },
  { method: 'DELETE', path: '/communications/quotes/:quote_id', why: 'no negotiated trades' },
  { method: 'DELETE', path: '/communications/rfqs/:rfq_id', why: 'no negotiated trades' },
  { method: 'DELETE', path: '/communications/rfqs/:rfq_id/quotes/:quote_id', why: 'no negotiated trades' },
  { method: 'GET', path: '/communications/block-trade-proposals', why: 'no negotiated trades' },
  { method: 'GET', path: '/communications/id', why: 'no negotiated trades' },
  { method: 'GET', path: '/communications/quotes/:quote_id', why: 'no negotiated trades' },
  { method: 'GET', path: '/communications/quotes', why: 'no negotiated trades' },
  { method: 'GET', path: '/communications/rfqs/:rfq_id', why: 'no negotiated trades' },
  { method: 'GET', path: '/communications/rfqs/:rfq_id/quotes/:quote_id', why: 'no negotiated trades' },
  { method: 'GET', path: '/communications/rfqs', why: 'no negotiated trades' },
  { method: 'POST', path: '/communications/block-trade-proposals', why: 'no negotiated trades' },
  {
    method: 'GET',
    path: '/series/:series_ticker/events/:ticker/forecast_percentile_history',
    why: 'no forecasts',
  },
  { method: 'POST', path: '/fcm/subtraders', why: 'for clearing firms' },
  { method: 'DELETE', path: '/fcm/subtraders/event_contract_daily_cap', why: 'for clearing firms' },
  { method: 'GET', path: '/fcm/subtraders/event_contract_daily_cap', why: 'for clearing firms' },
  { method: 'GET', path: '/fcm/orders', why: 'for clearing firms' },
  { method: 'GET', path: '/fcm/positions', why: 'for clearing firms' },
  { method: 'GET', path: '/fcm/subtraders', why: 'for clearing firms' },
  { method: 'PUT', path: '/fcm/subtraders/event_contract_daily_cap', why: 'for clearing firms' },
  { method: 'GET', path: '/live_data/weather/:city', why: 'no weather' },
  { method: 'GET', path: '/live_data/weather/:city/calibrations', why: 'no weather' },
  { method: 'POST', path: '/multivariate_event_collections/:collection_ticker', why: 'no combinations' },
  { method: 'GET', path: '/multivariate_event_collections/:collection_ticker', why: 'no combinations' },
  { method: 'GET', path: '/multivariate_event_collections', why: 'no combinations' },
  { method: 'POST', path: '/portfolio/subaccounts/transfer', why: 'subaccount 0 only' },
  { method: 'POST', path: '/portfolio/subaccounts', why: 'subaccount 0 only' },
  { method: 'GET', path: '/portfolio/subaccounts/netting', why: 'subaccount 0 only' },
  { method: 'GET', path: '/portfolio/target_balance_allocation', why: 'cash stays where it is put' },
  { method: 'POST', path: '/portfolio/target_balance_allocation', why: 'cash stays where it is put' },
  { method: 'PUT', path: '/portfolio/subaccounts/netting', why: 'subaccount 0 only' },
];

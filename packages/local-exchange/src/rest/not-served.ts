/** An operation of the exchange that the local one leaves out; it answers 501. */
export interface NotServed {
  readonly method: string;
  readonly path: string;
  readonly why: string;
}

/** What the official client knows and is not here. */
export const NOT_SERVED: readonly NotServed[] = [
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
];

import * as z from 'zod';
import { encode, request, toSeconds } from '../request-fields.ts';
import type { RestReader } from '../rest-reader.ts';
import { route } from '../route.ts';
import { id, isoTime, multiplierMicros, wire } from '../wire-fields.ts';
import { feeType, seriesAnswer, type WireSeries, wireSeries } from '../wire-series.ts';

const listQuery = request({
  category: z.string().optional(),
  tags: z.string().optional(),
  include_product_metadata: z.boolean().optional(),
  include_volume: z.boolean().optional(),
  min_updated_ts: toSeconds.optional(),
});

export type GetSeriesList = z.input<typeof listQuery>;

const listAnswer = wire({ series: z.array(wireSeries) });

/** All series at once; without a filter some 18 MB. */
export async function getSeriesList(
  http: RestReader,
  query: GetSeriesList = {},
): Promise<readonly WireSeries[]> {
  return (await http.get(route`/series`, listAnswer, encode(listQuery, query, 'GET /series'))).series;
}

const oneQuery = request({ include_volume: z.boolean().optional() });

export type GetSeries = z.input<typeof oneQuery>;

export async function getSeries(
  http: RestReader,
  seriesTicker: string,
  query: GetSeries = {},
): Promise<WireSeries> {
  const filters = encode(oneQuery, query, 'GET /series/{series_ticker}');
  return (await http.get(route`/series/${seriesTicker}`, seriesAnswer, filters)).series;
}

const feeChangesQuery = request({
  series_ticker: z.string().optional(),
  show_historical: z.boolean().optional(),
});

export type GetSeriesFeeChanges = z.input<typeof feeChangesQuery>;

const feeChangesAnswer = wire({
  series_fee_change_arr: z.array(
    wire({
      id,
      series_ticker: id,
      fee_type: feeType,
      fee_multiplier: multiplierMicros,
      scheduled_ts: isoTime,
    }),
  ),
});

export type SeriesFeeChange = z.output<typeof feeChangesAnswer>['series_fee_change_arr'][number];

/** Coming fee changes of series; with `show_historical` past ones too. */
export async function getSeriesFeeChanges(
  http: RestReader,
  query: GetSeriesFeeChanges = {},
): Promise<readonly SeriesFeeChange[]> {
  const filters = encode(feeChangesQuery, query, 'GET /series/fee_changes');
  return (await http.get(route`/series/fee_changes`, feeChangesAnswer, filters)).series_fee_change_arr;
}

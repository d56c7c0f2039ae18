import type { ExchangeError, ExchangeErrorCode } from '@kalshi-mm/simulator';

/** A refusal with its HTTP status and its body, in one of the three shapes that the exchange uses. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly body: object;

  private constructor(status: number, body: object, message: string) {
    super(message);
    this.status = status;
    this.body = body;
  }

  /** `{"error":{"code","message","details"?}}`: most refusals. */
  static nested(
    status: number,
    code: string,
    details?: string,
    message = code.replaceAll('_', ' '),
  ): ApiError {
    const error = details === undefined ? { code, message } : { code, message, details };
    return new ApiError(status, { error }, code);
  }

  /** `{"code":"bad_request",…}`: the body does not decode. */
  static undecodable(details: string): ApiError {
    return new ApiError(400, { code: 'bad_request', message: 'bad request', details }, details);
  }

  /** `{"msg":"Parameter validation failed …"}`: a query parameter breaks the rule named by `tag`. */
  static parameter(operation: string, field: string, tag: string): ApiError {
    const msg = `Parameter validation failed for ${operation}: Key: '${operation}Params.${field}' Error:Field validation for '${field}' failed on the '${tag}' tag`;
    return new ApiError(400, { msg }, msg);
  }

  /** A refusal of the exchange itself. */
  static refused(error: ExchangeError): ApiError {
    return ApiError.nested(STATUS[error.code], error.code, error.details);
  }

  /** The `error` member of one entry of a batch. */
  get entry(): object {
    return 'error' in this.body ? (this.body.error as object) : this.body;
  }
}

const STATUS: Readonly<Record<ExchangeErrorCode, number>> = {
  insufficient_balance: 400,
  invalid_price: 400,
  invalid_order: 400,
  invalid_parameters: 400,
  // The documentation does not tell this one's status.
  market_inactive: 409,
  market_not_found: 404,
  not_found: 404,
  user_not_found: 404,
  order_already_exists: 409,
  transfer_already_exists: 409,
  fill_or_kill_insufficient_resting_volume: 409,
  trading_is_paused: 409,
  exchange_is_paused: 409,
};

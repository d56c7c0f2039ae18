import type { Logger } from './logger.ts';

/** Aborts on Ctrl+C, on SIGTERM, and after `seconds`. A second Ctrl+C ends the process at once. */
export function stopSignal(seconds: number | null, log: Logger): AbortSignal {
  const controller = new AbortController();
  const stop = (why: string): void => {
    if (controller.signal.aborted) {
      if (why !== 'time') process.exit(130);
      return;
    }
    log.info({ why }, 'stop requested');
    controller.abort();
  };
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('SIGTERM', () => stop('SIGTERM'));
  if (seconds !== null) setTimeout(() => stop('time'), seconds * 1_000).unref();
  return controller.signal;
}

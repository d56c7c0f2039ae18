/** Aborts on Ctrl+C, on SIGTERM, and after `seconds`. A second signal ends the process at once. */
export function stopSignal(seconds: number | null): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  if (seconds !== null) setTimeout(() => controller.abort(), seconds * 1_000).unref();
  return controller.signal;
}

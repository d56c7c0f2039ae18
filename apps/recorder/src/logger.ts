import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

export type { Logger };

/** Logs to standard error: readable lines, or JSON lines. Standard output stays free for results. */
export function createLogger(level: string, asJson: boolean): Logger {
  const stream: DestinationStream = asJson
    ? pino.destination({ dest: 2, sync: true })
    : pretty({
        destination: 2,
        sync: true,
        ignore: 'pid,hostname',
        translateTime: 'HH:MM:ss.l',
        singleLine: true,
      });
  return pino({ level, base: null }, stream);
}

import { SingleBar } from 'cli-progress';

export interface Progress {
  show(done: number, total: number, rows: number): void;
  end(): void;
}

/** A bar on a terminal; nothing when nobody watches. @param what is done, for the text beside the bar */
export function progressOn(stream: NodeJS.WritableStream | null, what: string): Progress {
  if (stream === null) return { show: () => {}, end: () => {} };
  const bar = new SingleBar({
    stream,
    format: `{bar} {percentage} % of the ${what}, {rows} rows, {eta_formatted} to go`,
    hideCursor: true,
    clearOnComplete: true,
    // The process has its own handler, which also removes the unfinished file.
    gracefulExit: false,
  });
  let started = false;
  return {
    show(done, total, rows) {
      if (!started) bar.start(total, 0, { rows: 0 });
      started = true;
      bar.update(done, { rows });
    },
    end() {
      if (started) bar.stop();
      started = false;
    },
  };
}

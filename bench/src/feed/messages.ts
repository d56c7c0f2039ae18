/** What the benchmark tells its sender. */
export type ToSender =
  /** Send so many frames to the connected client, as fast as it takes them. */
  | { readonly type: 'burst'; readonly frames: number }
  /** Send at an even rate. */
  | { readonly type: 'pace'; readonly framesPerSecond: number; readonly seconds: number }
  | { readonly type: 'stop' };

/** How a client reads: our feed into books, or `ws` with what many use. */
export type Mode = 'feed' | 'json' | 'zod';

/** What a client tells. */
export type FromClient =
  | { readonly type: 'ready' }
  /** CPU time of the process for the frames after the warm-up, its socket and collector included. */
  | { readonly type: 'done'; readonly cpuMs: number }
  | {
      readonly type: 'paced';
      readonly frames: number;
      /** Used heap after a collection: a third of the way through, and at the end. */
      readonly heapBytes: readonly [number, number];
      /** Mean time of frames on their way, in the second and in the last third. */
      readonly lagMs: readonly [number, number];
    };

export const MARKETS = 1_000;
/** Frames that nobody counts, for the compiler. */
export const WARM_UP = 150_000;

export function tickerOf(market: number): string {
  return `KXBENCH15M-26NOV20${1_000 + market}-${10 + (market % 90)}`;
}

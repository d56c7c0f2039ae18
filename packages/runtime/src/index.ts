export { ExchangeClock, systemClock } from './clock.ts';
export { type FolderLock, lockFolder } from './folder-lock.ts';
export { createHost, type Host, type HostOptions } from './host.ts';
export { type Journal, noJournal, openJournal } from './journal.ts';
export { loadConfig, parseConfig } from './load-config.ts';
export { createMicroClock } from './micro-clock.ts';
export { readText } from './read-text.ts';

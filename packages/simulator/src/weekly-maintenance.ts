import { Timestamp } from '@kalshi-mm/core';
import type { SimulatedExchange } from './simulated-exchange.ts';

export interface MaintenanceWindow {
  readonly startMs: Timestamp;
  readonly endMs: Timestamp;
}

/** Pauses trading in every weekly maintenance window, from now on. Cancels pass. */
export function scheduleWeeklyMaintenance(exchange: SimulatedExchange): void {
  const { startMs, endMs } = nextMaintenance(exchange.nowMs);
  exchange.schedule(startMs, () => exchange.setTradingActive(false));
  exchange.schedule(endMs, () => {
    exchange.setTradingActive(true);
    scheduleWeeklyMaintenance(exchange);
  });
}

/** The first window that ends after a time: Thursday 03:00 to 05:00 in New York, daylight saving observed. */
export function nextMaintenance(afterMs: Timestamp): MaintenanceWindow {
  // Day 0 of Unix time was a Thursday.
  for (let day = Math.floor(afterMs / DAY_MS / 7) * 7; ; day += 7) {
    const utcHour = isDaylightSaving(day) ? 7 : 8;
    const startMs = day * DAY_MS + utcHour * HOUR_MS;
    const endMs = startMs + 2 * HOUR_MS;
    if (endMs > afterMs) return { startMs: Timestamp.of(startMs), endMs: Timestamp.of(endMs) };
  }
}

/** From the second Sunday of March to the first Sunday of November; `day` counts from 1970-01-01. */
export function isDaylightSaving(day: number): boolean {
  const year = Number(Timestamp.formatIso(Timestamp.of(day * DAY_MS)).slice(0, 4));
  const start = sundayFrom(firstOfYear(year) + daysBefore('march', year)) + 7;
  const end = sundayFrom(firstOfYear(year) + daysBefore('november', year));
  return day >= start && day < end;
}

/** The first Sunday at or after a day; day 3 was one. */
function sundayFrom(day: number): number {
  return day + ((((3 - day) % 7) + 7) % 7);
}

function firstOfYear(year: number): number {
  const past = year - 1;
  const leapDays = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  return 365 * (year - 1970) + leapDays - LEAP_DAYS_BEFORE_1970;
}

function daysBefore(month: 'march' | 'november', year: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return (month === 'march' ? 59 : 304) + (leap ? 1 : 0);
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LEAP_DAYS_BEFORE_1970 = 477;

import type { LiveData, Milestone } from '@kalshi-mm/simulator';
import { isoTime } from './iso-time.ts';

/** A milestone: one real-world game with the events that are about it. */
export function milestoneJson(milestone: Milestone) {
  return {
    id: milestone.id,
    category: milestone.category,
    type: milestone.type,
    start_date: isoTime(milestone.startMs),
    end_date: milestone.endMs === null ? null : isoTime(milestone.endMs),
    related_event_tickers: milestone.relatedEventTickers,
    primary_event_tickers: milestone.primaryEventTickers,
    title: milestone.title,
    notification_message: '',
    details: { competition: milestone.competition, ...milestone.details },
    last_updated_ts: isoTime(milestone.updatedMs),
  };
}

/** `live_data` of a milestone. */
export function liveDataJson(milestoneId: string, { type, details }: LiveData) {
  return { type, milestone_id: milestoneId, details };
}

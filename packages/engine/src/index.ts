export { Engine, type StepResult } from './engine.ts';
export type { EngineConfig, EngineRules } from './engine-config.ts';
export { type ExitRules, type ExitState, type ExitStep, planExit } from './exit-plan.ts';
export { OrderStatus, type OrderTrigger } from './order-status.ts';
export { type Order, type OrderChange, Orders } from './orders.ts';
export { type Plan, type PlanRules, planSide } from './planner.ts';
export { Portfolio } from './portfolio.ts';
export type { Session } from './session.ts';

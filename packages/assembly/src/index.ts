export {
  type Assembled,
  type AssembleOptions,
  assembleEngine,
  type SessionsMode,
} from './assemble-engine.ts';
export { BotConfig } from './bot-config.ts';
export { type ConfigBlock, type ConfigKey, configBlocks, configReference } from './config-reference.ts';
export { type SimulationModels, simulationModels } from './simulation-models.ts';

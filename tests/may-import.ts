/** What each package may import of ours. Apps may import anything and are imported by nobody. */
export const mayImport: Record<string, readonly string[]> = {
  core: [],
  'as-model': [],
  'market-state': ['core'],
  risk: ['core'],
  scanner: ['core', 'market-state'],
  tape: ['core', 'market-state'],
  strategies: ['core', 'as-model', 'market-state', 'risk', 'scanner', 'tape'],
  engine: ['core', 'market-state', 'risk'],
  simulator: ['core', 'market-state'],
  'kalshi-client': ['core'],
  'ws-feed': ['core'],
  analytics: ['core'],
  'local-exchange': ['core', 'simulator', 'tape'],
  assembly: ['core', 'engine', 'risk', 'scanner', 'strategies'],
  runtime: ['core', 'engine', 'risk'],
  testing: ['core'],
};

export { aMarket } from './a-market.ts';
export { dataPath } from './data-path.ts';
export { type ReadmeRun, type ReadmeRunOptions, runReadmeExample } from './run-readme-example.ts';

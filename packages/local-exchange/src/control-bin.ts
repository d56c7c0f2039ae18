#!/usr/bin/env node
import { requireNode } from './require-node.ts';

await requireNode('kalshi-exchange-control', () => import('./control/main.ts'));

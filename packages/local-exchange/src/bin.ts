#!/usr/bin/env node
import { requireNode } from './require-node.ts';

await requireNode('kalshi-local-exchange', () => import('./command/main.ts'));

import { registry } from '../../domain/src/registry.ts';
import { runWriter } from '@tongping/domain/kernel/server';

await runWriter(registry);

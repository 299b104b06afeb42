import { runWriter } from '@tongping/domain/kernel/server';

await runWriter([]);

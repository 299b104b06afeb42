import type { LiveKind } from '@tongping/domain/kernel/server';
import { expect, test } from 'vitest';
import { registry } from '../../domain/src/registry.ts';
import { liveKinds } from './live-kinds.ts';

const planted = (kind: string): LiveKind => ({ kind, mode: 'draft', version: 1, admit: async () => null });

test('the product’s documents are those of its modules', () => {
	expect([...liveKinds(registry).keys()].toSorted()).toEqual(['note', 'reading', 'report', 'ward-board']);
});

test('a hospital with documents that everybody may write does not start', () => {
	expect(() => liveKinds([...registry, { id: 'planted.bench', live: [planted('bench')] }])).toThrow(/does not start/u);
	expect(() => liveKinds([...registry, { id: 'planted.note', live: [planted('note')] }])).toThrow(/two modules/u);
});

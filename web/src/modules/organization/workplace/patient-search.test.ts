import { afterEach, expect, test, vi } from 'vitest';
import { PatientSearch } from './patient-search.svelte.ts';

afterEach(() => {
	vi.unstubAllGlobals();
	vi.useRealTimers();
});
const found = { patient: 'p1', mrn: 'ZY1', name: '沈若溪', initials: 'srx', pinyin: 'shen ruo xi', ward: '精神科女病区', bed: '01' };

test('asks once for what was typed last, and leaves out those the page shows already', async () => {
	vi.useFakeTimers();
	const asked = vi.fn(() => Promise.resolve(new Response(JSON.stringify({ patients: [found, { ...found, patient: 'p2', mrn: 'ZY2', bed: null }] }))));
	vi.stubGlobal('fetch', asked);
	const search = new PatientSearch();
	search.search('s');
	search.search('sr');
	search.search('srx');
	await vi.advanceTimersByTimeAsync(400);
	expect(asked).toHaveBeenCalledTimes(1);
	expect(asked).toHaveBeenCalledWith('/api/patients', expect.objectContaining({ method: 'POST', body: '{"text":"srx"}' }));
	const shown = [{ id: 's', group: '', label: '', also: ['ZY2'], run: () => undefined }];
	expect(search.entries(shown, '全院患者', () => undefined).map((entry) => [entry.label, entry.detail])).toEqual([['01 沈若溪', '精神科女病区 ZY1']]);
	search.search('');
	expect(search.entries([], '全院患者', () => undefined)).toEqual([]);
});

test('a lost server finds nobody and breaks nothing', async () => {
	vi.useFakeTimers();
	vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline')));
	const search = new PatientSearch();
	search.search('srx');
	await vi.advanceTimersByTimeAsync(400);
	expect(search.entries([], '', () => undefined)).toEqual([]);
});

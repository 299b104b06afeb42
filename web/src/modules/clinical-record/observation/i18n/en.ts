import type { RefusalFacts } from '@tongping/domain/kernel';
import { dayAndSeconds } from '#ui/time.ts';
import type { refusals as zh } from './zh-CN.ts';

const at = (facts: RefusalFacts): string => (typeof facts['at'] === 'number' ? ` at ${dayAndSeconds(facts['at'], Date.now(), true)}` : '');
const unit = (value: string | number | null | undefined): string =>
	value === 'Cel' ? '℃' : value === null || value === undefined || value === '' ? 'no unit' : String(value);

export const refusals: typeof zh = {
	'value-out-of-range': (f) =>
		`${f['itemEn'] ?? 'The value'} ${f['value'] ?? ''} is outside ${f['low'] ?? ''}–${f['high'] ?? ''}${f['unit'] === null ? '' : ` ${unit(f['unit'])}`}. Check the decimal point.`,
	'unit-not-understood': (f) =>
		`${f['itemEn'] ?? 'This item'} is recorded in ${unit(f['expected'])}; ${unit(f['unit'])} was sent. Convert the value and record it again.`,
	'value-missing': (f) => `${f['itemEn'] ?? 'An item'} has no value, so the set was not stored. Fill it in or leave the item out.`,
	'answer-not-listed': (f) => `${f['itemEn'] ?? 'This item'} takes one of ${f['answers'] ?? ''}.`,
	'item-twice': (f) => `${f['itemEn'] ?? 'An item'} stands twice in one set. Keep one value.`,
	'item-unknown': (f) => `No item has the code ${f['code'] ?? ''}. Choose one from the list.`,
	'time-in-future': (f) => `The time${at(f)} has not come yet. Enter when it happened.`
};

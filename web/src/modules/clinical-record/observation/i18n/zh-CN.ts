import type { RefusalFacts } from '@tongping/domain/kernel';
import { dayAndSeconds } from '#ui/time.ts';

const at = (facts: RefusalFacts): string => (typeof facts['at'] === 'number' ? ` ${dayAndSeconds(facts['at'], Date.now(), false)} ` : '');
const unit = (value: string | number | null | undefined): string =>
	value === 'Cel' ? '℃' : value === null || value === undefined || value === '' ? '无单位' : String(value);

export const refusals: Readonly<Record<string, (facts: RefusalFacts) => string>> = {
	'value-out-of-range': (f) =>
		`${f['item'] ?? '数值'} ${f['value'] ?? ''} 超出 ${f['low'] ?? ''}–${f['high'] ?? ''}${f['unit'] === null ? '' : ` ${unit(f['unit'])}`}，请检查小数点。`,
	'unit-not-understood': (f) => `${f['item'] ?? '该项'}的单位应为 ${unit(f['expected'])}，收到的是 ${unit(f['unit'])}。请换算后再记录。`,
	'value-missing': (f) => `${f['item'] ?? '该项'}没有数值，整组没有保存。请补齐或去掉这一项。`,
	'answer-not-listed': (f) => `${f['item'] ?? '该项'}只能填 ${f['answers'] ?? ''} 之一。`,
	'item-twice': (f) => `${f['item'] ?? '同一项'}在一组里填了两次。请只留一个值。`,
	'item-unknown': (f) => `没有代码为 ${f['code'] ?? ''} 的项目。请从列表中选择。`,
	'time-in-future': (f) => `时间${at(f)}还没有到。请填实际发生的时间。`
};

import type { RefusalFacts } from '@tongping/domain/kernel';
import { dayAndSeconds } from '#ui/time.ts';

const LEVELS: Readonly<Record<string, string>> = { special: '特级护理', first: '一级护理', second: '二级护理', third: '三级护理' };

export const refusals: Readonly<Record<string, (facts: RefusalFacts) => string>> = {
	'level-already-set': (f) =>
		`${f['by'] ?? '同事'}${typeof f['at'] === 'number' ? ` ${dayAndSeconds(f['at'], Date.now(), false)} ` : ''}已定为${LEVELS[String(f['level'])] ?? '这个级别'}，没有改动。`
};

export const text = {
	title: (name: string, bed: string) => `${bed} 床 ${name} 的护理级别`,
	levels: { special: '特级护理', first: '一级护理', second: '二级护理', third: '三级护理' },
	meaning: { special: '专人昼夜守护', first: '每小时巡视', second: '每 2 小时巡视', third: '每 3 小时巡视' },
	none: '还没有定级',
	now: (level: string) => `现在：${level}`,
	confirm: (level: string) => `改为${level}`,
	cancel: '取消',
	done: (name: string, level: string) => `${name} 已改为${level}`,
	detail: '床位板和所有屏幕已更新。',
	notDone: (name: string) => `${name} 的护理级别没有变`
};

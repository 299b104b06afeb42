import { localDate } from '../../kernel/clock.ts';
import { demoPerson, seeded, type StaffMember } from '../../organization/index.ts';
import { demoStay } from '../../inpatient/index.ts';
import { demoLevel } from '../../nursing/index.ts';
import type { DemoPerson, Illness } from '../../patient/index.ts';
import { COURSE_DAYS, endOfDay, NURSING_DAYS } from './due.ts';
import type { NoteType } from './templates.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type Told = readonly [seen: string, judged: string, planned: string];
// What a ward would have written before the demo hospital opens: invented, plain, and never of a real person.
const WORDS: Readonly<Record<Illness, Told>> = {
	schizophrenia: ['接触被动，仍诉有人议论自己，声音较前减少。', '幻觉妄想较前减轻，自知力部分。', '继续原量抗精神病药，观察锥体外系反应。'],
	schizoaffective: ['情绪欠稳，偶有夸大言语，言语性幻听减少。', '情感与精神病性症状并存，治疗有效。', '维持联合用药，复查血药浓度。'],
	mania: ['话多，易激惹，夜间睡眠约 5 小时。', '躁狂发作，兴奋较入院时减轻。', '心境稳定剂继续，防冲动，复查血药浓度。'],
	'bipolar-depression': ['情绪低，兴趣少，进食尚可。', '双相抑郁发作，无明确自杀计划。', '不单用抗抑郁药，心境稳定剂加量后观察。'],
	depression: ['早醒，自责，今日否认自杀想法。', '重度抑郁发作，情绪略有好转。', '抗抑郁药继续，每班评估自杀风险。'],
	'recurrent-depression': ['乏力，少语，能参加活动半小时。', '复发性抑郁，疗效部分。', '继续原方案，加心理治疗。'],
	alcohol: ['手抖减轻，无大汗，定向清楚。', '酒精戒断第三阶段，未见谵妄。', '苯二氮䓬类递减，补充维生素 B1。'],
	dementia: ['记忆差，夜间徘徊一次，可引导回床。', '痴呆伴行为症状，躯体情况平稳。', '环境定向，防跌倒，少用镇静药。'],
	delirium: ['意识时清时浊，下午较重。', '谵妄，病因以感染为主。', '控制感染，维持水电解质，专人看护。'],
	anxiety: ['紧张，心慌，入睡需一小时。', '广泛性焦虑，躯体检查无异常。', '放松训练，药物缓慢加量。'],
	compulsion: ['反复洗手，每日约 40 次。', '强迫障碍，症状略减。', '暴露与反应预防，药物继续。'],
	stress: ['惊跳，回避谈及事件，能进食。', '急性应激反应，趋于缓解。', '支持性心理治疗，短程助眠。'],
	anorexia: ['进食约半量，体重较上周增 0.4 kg。', '神经性厌食，电解质正常。', '营养方案按步增加，监测血磷血钾。'],
	overdose: ['意识清，步态稍不稳。', '药物过量后恢复期，生命体征平稳。', '观察，评估自杀风险后定下一步。']
};
const NURSED = ['按医嘱服药，未见藏药。', '夜间睡眠平稳，按时巡视。', '协助晨间护理，进食可。', '情绪平稳，参加工娱活动。'] as const;

export interface DemoNote {
	readonly key: string;
	readonly type: NoteType;
	readonly at: number;
	/** what the first signer wrote, by section */
	readonly words: Readonly<Record<string, string>>;
	/** what the second signer put in the place of the last full stop of a section, if anything */
	readonly revision: { readonly root: string; readonly words: string } | null;
	readonly signers: readonly StaffMember[];
}

function wordsFor(type: NoteType, [seen, judged, planned]: Told, nursed: string): DemoNote['words'] {
	switch (type) {
		case 'first-progress':
			return { features: seen, reasoning: judged, plan: planned };
		case 'nursing-record':
			return { observation: nursed, measures: '执行护理计划，安全检查一次。' };
		default:
			return { subjective: seen, objective: '生命体征平稳，查体合作。', assessment: judged, plan: planned };
	}
}
const REVISIONS = ['，每周复查心电图。', '，加强夜间巡视。', '，明日查房再评估。'] as const;

/** The newest notes of each kind before today, sealed, so that the clocks of the demo ward tell of a ward that mostly keeps its times. */
export function demoNotes(person: DemoPerson, now: number): readonly DemoNote[] {
	const next = seeded(`notes/${person.key}`);
	const admittedAt = now - person.admittedHoursAgo * HOUR_MS;
	const today = endOfDay(localDate(now)) - DAY_MS;
	const { resident, attending, nurse } = demoStay(person);
	const heads = { nurse: demoPerson('headnurse1'), chief: demoPerson('chief1') };
	const told = WORDS[person.illness];
	const nursed = NURSED[Math.floor(next() * NURSED.length)] ?? NURSED[0];
	// One record in ten is late: the clock must have something to say.
	const late = next() < 0.1;
	const found = new Map<string, DemoNote>();
	const write = (type: NoteType, at: number, signers: readonly StaffMember[]): void => {
		if (at < admittedAt || at >= today) return;
		const key = `${type}/${localDate(at)}`;
		const dice = seeded(`revised/${person.key}/${key}`);
		const revised = type !== 'nursing-record' && dice() < 0.4;
		const words = REVISIONS[Math.floor(dice() * REVISIONS.length)] ?? REVISIONS[0];
		found.set(key, { key, type, at, words: wordsFor(type, told, nursed), revision: revised ? { root: 'plan', words } : null, signers });
	};
	const daysAgo = (days: number, hour: number): number => today - days * DAY_MS + hour * HOUR_MS;
	write('first-progress', admittedAt + 5 * HOUR_MS, [resident, attending]);
	if (person.admittedHoursAgo > 30) write('attending-round', admittedAt + 26 * HOUR_MS, [resident, attending, heads.chief]);
	for (const days of [4, 2]) write('attending-round', daysAgo(days, 9.5), [resident, attending, heads.chief]);
	const course = COURSE_DAYS[person.gravity ?? 'stable'];
	write('daily-progress', daysAgo(Math.min(course, 2) + (late ? 2 : 0), 10), [resident, attending]);
	const level = demoLevel(person);
	const days = person.gravity === null ? NURSING_DAYS[level] : 1;
	write('nursing-record', daysAgo(Math.min(days, 1 + Math.floor(next() * days)), 16), [nurse, heads.nurse]);
	return [...found.values()].toSorted((a, b) => a.at - b.at);
}

import type { RefusalFacts } from '@tongping/domain/kernel';
import { dayAndSeconds } from '#ui/time.ts';

const DIET: Readonly<Record<string, string>> = {
	ordinary: '普食',
	soft: '软食',
	liquid: '流食',
	diabetic: '糖尿病饮食',
	'low-salt': '低盐饮食',
	halal: '清真饮食',
	fasting: '禁食'
};
const at = (facts: RefusalFacts): string => (typeof facts['at'] === 'number' ? ` ${dayAndSeconds(facts['at'], Date.now(), false)} ` : '');

export const refusals: Readonly<Record<string, (facts: RefusalFacts) => string>> = {
	'isolation-unchanged': () => '隔离方式和病原与现在相同，没有改动。',
	'already-restrained': (f) => `${f['by'] ?? '医师'}${at(f)}已开始约束。如要更改，请先解除。`,
	'not-restrained': (f) => `${f['patientName'] ?? '该患者'}现在没有约束，没有改动。`,
	'diet-unchanged': (f) => `饮食${at(f)}已是${DIET[String(f['diet'])] ?? '这一种'}，没有改动。`
};

export const text = {
	careTitle: (name: string, bed: string) => `${bed} 床 ${name} 的饮食与约束`,
	diet: '饮食',
	diets: { ordinary: '普食', soft: '软食', liquid: '流食', diabetic: '糖尿病饮食', 'low-salt': '低盐', halal: '清真', fasting: '禁食' },
	saveDiet: '更新饮食',
	restraint: '保护性约束',
	restrainedSince: (clock: string, reason: string) => `${clock} 起：${reason}`,
	restrainReason: '约束原因',
	restrain: '开始约束',
	release: '解除约束',
	doctorsOnly: '由本病区医师下达',
	reasonShort: '请写明原因，至少 4 个字。',
	close: '关闭',
	careDone: (name: string) => `${name} 的记录已更新`,
	riskTitle: (name: string, bed: string) => `${bed} 床 ${name} 的风险评估`,
	isolationTitle: (name: string, bed: string) => `${bed} 床 ${name} 的隔离`,
	kinds: { fall: '跌倒', pressure: '压疮', suicide: '自杀', impulsive: '冲动', absconding: '外走' },
	kind: '评估项目',
	score: { fall: 'Morse 总分（0–125）', pressure: 'Braden 总分（6–23）' },
	scoreWrong: (low: number, high: number) => `总分在 ${low}–${high} 之间。`,
	grade: '等级',
	grades: { none: '无', low: '低', medium: '中', high: '高' },
	now: '现在',
	notAssessed: '无中高风险',
	isolation: { none: '不隔离', contact: '接触隔离', droplet: '飞沫隔离', airborne: '空气隔离', protective: '保护性隔离' },
	how: '隔离方式',
	organism: '病原或疾病',
	organismHint: '未明可不填；未明的患者不能同室',
	saveRisk: '记录评估',
	saveIsolation: '更新隔离',
	cancel: '取消',
	riskDone: (name: string, kind: string) => `${name} 的${kind}风险已记录`,
	isolationDone: (name: string) => `${name} 的隔离已更新`,
	detail: '床位板和所有屏幕已更新。',
	notDone: (name: string) => `${name} 的记录没有改动`
};

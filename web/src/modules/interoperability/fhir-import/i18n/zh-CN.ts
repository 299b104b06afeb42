import type { Problem } from '@tongping/domain/interoperability';
import type { RefusalFacts } from '@tongping/domain/kernel';

const problems: Readonly<Record<Problem, string>> = {
	missing: '缺少必填的内容',
	'wrong-type': '内容的类型不对',
	'not-listed': '不是标准里列出的取值',
	'not-a-date': '不是有效的日期',
	'not-a-number': '不是数字',
	'too-long': '内容太长',
	contradiction: '与同一文件里的另一处矛盾',
	other: '读不懂'
};
const problem = (facts: RefusalFacts): string => problems[facts['problem'] as Problem] ?? problems.other;
const whole = '整个文件没有导入。';

export const refusals: Record<string, (facts: RefusalFacts) => string> = {
	'fhir-not-json': ({ reason }) => `这个文件不是完整的 JSON(${reason})。${whole}`,
	'fhir-not-a-bundle': ({ found }) => `这个文件是${found === null ? '别的内容' : ` ${found}`}，不是 FHIR Bundle。${whole}`,
	'fhir-broken': (facts) => `${facts['place']}:${problem(facts)}。${whole}请发送方改正后再导入。`,
	'fhir-no-patient': () => `这个 Bundle 里没有患者。${whole}`,
	'fhir-unknown-reference': ({ place, reference }) => `${place} 指向 ${reference}，文件里没有它。${whole}`,
	'fhir-twice': ({ place, name }) => `${place}:${name} 在文件里出现了两次。${whole}`,
	'fhir-other-person': ({ source, record }) =>
		`${source}（病历号 ${record}）在本院已是另一个人：姓名与出生日期都不相符。${whole}请发送方给出唯一的标识系统，或核对是否发错了人。`,
	'fhir-other-record': ({ source }) => `${source} 在本院记在另一位患者名下。${whole}请发送方核对这份记录属于谁。`,
	'fhir-too-large': ({ limit }) => `文件超过 ${limit} MiB。请分患者导出后再导入。`
};

import type { RefusalFacts } from '@tongping/domain/kernel';

export const refusals: Readonly<Record<string, (facts: RefusalFacts) => string>> = {
	'mrn-taken': (f) => `病案号 ${f['mrn'] ?? ''} 已属于${f['patientName'] ?? '另一位患者'}。请核对后换一个号。`,
	'born-in-future': (f) => `出生日期 ${f['birthDate'] ?? ''} 还没有到。请核对年份。`,
	'sex-contradicts-ward': (f) =>
		`${f['patientName'] ?? '患者'}现在住在${f['ward'] ?? '只收一种性别的病区'}。性别没有更正。请先核对身份证件；确须更正的，请先在床位卡上办理离院，更正后再收入合适的病区。`,
	'link-needs-two': () => '合并需要两份不同的病案。请重新选择。',
	'already-linked': (f) => `${f['patientName'] ?? '这份病案'}已并入另一份病案。请先拆开，再重新合并。`,
	'survivor-is-linked': (f) => `${f['patientName'] ?? '目标病案'}本身已并入另一份病案。请直接并入那一份。`,
	'not-linked': (f) => `${f['patientName'] ?? '这份病案'}现在没有合并，没有改动。`
};

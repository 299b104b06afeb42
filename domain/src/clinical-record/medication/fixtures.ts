import type { Ailment, DemoPerson, Illness } from '../../patient/index.ts';

type Drug = readonly [drug: string, dose: string, route: string, frequency: string];
const BY_ILLNESS: Readonly<Record<Illness, readonly Drug[]>> = {
	schizophrenia: [
		['奥氮平片', '10 mg', '口服', 'qn'],
		['苯海索片', '2 mg', '口服', 'bid']
	],
	schizoaffective: [
		['利培酮片', '2 mg', '口服', 'bid'],
		['丙戊酸钠缓释片', '0.5 g', '口服', 'bid']
	],
	mania: [
		['碳酸锂片', '0.25 g', '口服', 'tid'],
		['喹硫平片', '0.2 g', '口服', 'bid'],
		['氯硝西泮片', '2 mg', '口服', 'qn']
	],
	'bipolar-depression': [
		['碳酸锂片', '0.25 g', '口服', 'bid'],
		['喹硫平片', '0.1 g', '口服', 'qn']
	],
	depression: [
		['舍曲林片', '100 mg', '口服', 'qd'],
		['劳拉西泮片', '0.5 mg', '口服', 'qn']
	],
	'recurrent-depression': [
		['文拉法辛缓释胶囊', '150 mg', '口服', 'qd'],
		['米氮平片', '15 mg', '口服', 'qn']
	],
	alcohol: [
		['地西泮片', '5 mg', '口服', 'tid'],
		['维生素B1注射液', '100 mg', '肌注', 'qd']
	],
	dementia: [
		['多奈哌齐片', '5 mg', '口服', 'qn'],
		['美金刚片', '10 mg', '口服', 'bid']
	],
	delirium: [['氟哌啶醇注射液', '2.5 mg', '肌注', 'prn']],
	anxiety: [
		['艾司西酞普兰片', '10 mg', '口服', 'qd'],
		['丁螺环酮片', '5 mg', '口服', 'tid']
	],
	compulsion: [['氟伏沙明片', '100 mg', '口服', 'bid']],
	stress: [['劳拉西泮片', '0.5 mg', '口服', 'bid']],
	anorexia: [
		['氟西汀胶囊', '20 mg', '口服', 'qd'],
		['肠内营养混悬液', '500 mL', '口服', 'bid']
	],
	overdose: [['氟马西尼注射液', '0.3 mg', '静注', 'st']]
};
const BY_AILMENT: Readonly<Partial<Record<Ailment, readonly Drug[]>>> = {
	hypertension: [['氨氯地平片', '5 mg', '口服', 'qd']],
	diabetes: [['二甲双胍片', '0.5 g', '口服', 'bid']],
	constipation: [['乳果糖口服溶液', '15 mL', '口服', 'bid']],
	pneumonia: [['左氧氟沙星注射液', '0.5 g', '静滴', 'qd']],
	hypothyroidism: [['左甲状腺素钠片', '50 ug', '口服', 'qd']],
	hypokalaemia: [['氯化钾缓释片', '1 g', '口服', 'tid']],
	copd: [['噻托溴铵粉雾剂', '18 ug', '吸入', 'qd']],
	scabies: [['硫软膏', '10 %', '外用', 'qn']],
	'mrsa-wound': [['利奈唑胺片', '0.6 g', '口服', 'q12h']],
	influenza: [['奥司他韦胶囊', '75 mg', '口服', 'bid']],
	tuberculosis: [
		['异烟肼片', '0.3 g', '口服', 'qd'],
		['利福平胶囊', '0.45 g', '口服', 'qd']
	],
	neutropenia: [['重组人粒细胞刺激因子注射液', '150 ug', '皮下', 'qd']]
};

export interface DemoMedication {
	readonly drug: string;
	readonly dose: string;
	readonly route: string;
	readonly frequency: string;
}
export function demoMedications(person: DemoPerson): readonly DemoMedication[] {
	const pregnant = person.ailments.includes('pregnancy');
	const drugs = [
		...(pregnant ? [['舍曲林片', '50 mg', '口服', 'qd'] as const] : BY_ILLNESS[person.illness]),
		...person.ailments.flatMap((ailment) => BY_AILMENT[ailment] ?? [])
	];
	return drugs.map(([drug, dose, route, frequency]) => ({ drug, dose, route, frequency }));
}

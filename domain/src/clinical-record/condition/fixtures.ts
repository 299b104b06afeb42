import type { Ailment, DemoPerson, Illness } from '../../patient/index.ts';
import type { ConditionRank } from './condition.ts';

type Diagnosis = readonly [code: string, display: string, short: string];
const ILLNESS: Readonly<Record<Illness, Diagnosis>> = {
	schizophrenia: ['F20.0', '偏执型精神分裂症', '精神分裂症'],
	schizoaffective: ['F25.9', '分裂情感性障碍', '分裂情感障碍'],
	mania: ['F31.1', '双相情感障碍，目前为不伴有精神病性症状的躁狂发作', '双相躁狂'],
	'bipolar-depression': ['F31.3', '双相情感障碍，目前为轻度或中度抑郁发作', '双相抑郁'],
	depression: ['F32.2', '重度抑郁发作，不伴有精神病性症状', '重度抑郁'],
	'recurrent-depression': ['F33.1', '复发性抑郁障碍，目前为中度发作', '复发性抑郁'],
	alcohol: ['F10.2', '酒精所致的精神和行为障碍，依赖综合征', '酒精依赖'],
	dementia: ['F00.1', '晚发性阿尔茨海默病性痴呆', '阿尔茨海默病'],
	delirium: ['F05.9', '谵妄', '谵妄'],
	anxiety: ['F41.1', '广泛性焦虑障碍', '广泛性焦虑'],
	compulsion: ['F42.2', '强迫性障碍，混合性强迫思维和动作', '强迫障碍'],
	stress: ['F43.0', '急性应激反应', '急性应激'],
	anorexia: ['F50.0', '神经性厌食', '神经性厌食'],
	overdose: ['T42.4', '苯二氮䓬类药物中毒', '药物过量']
};
const AILMENT: Readonly<Record<Ailment, Diagnosis>> = {
	hypertension: ['I10', '特发性高血压', '高血压'],
	diabetes: ['E11.9', '2型糖尿病不伴有并发症', '2型糖尿病'],
	constipation: ['K59.0', '便秘', '便秘'],
	pneumonia: ['J18.9', '肺炎', '肺部感染'],
	hypothyroidism: ['E03.9', '甲状腺功能减退症', '甲减'],
	'urinary-infection': ['N39.0', '泌尿道感染', '尿路感染'],
	hypokalaemia: ['E87.6', '低钾血症', '低钾'],
	copd: ['J44.9', '慢性阻塞性肺疾病', '慢阻肺'],
	pregnancy: ['Z34.9', '正常妊娠监督', '妊娠 24 周'],
	scabies: ['B86', '疥疮', '疥疮'],
	'mrsa-wound': ['L08.9', '皮肤和皮下组织局部感染(MRSA)', 'MRSA 感染'],
	influenza: ['J10.1', '流感伴其他呼吸道表现，甲型流感病毒', '甲型流感'],
	tuberculosis: ['A16.2', '肺结核', '肺结核'],
	neutropenia: ['D70', '粒细胞缺乏', '粒细胞缺乏']
};

export interface DemoCondition {
	readonly code: string;
	readonly display: string;
	readonly short: string;
	readonly rank: ConditionRank;
}
export const demoConditions = (person: DemoPerson): readonly DemoCondition[] => [
	{ code: ILLNESS[person.illness][0], display: ILLNESS[person.illness][1], short: ILLNESS[person.illness][2], rank: 'principal' },
	...person.ailments.map((ailment) => ({ code: AILMENT[ailment][0], display: AILMENT[ailment][1], short: AILMENT[ailment][2], rank: 'other' as const }))
];

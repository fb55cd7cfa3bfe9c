import { metricPaths } from '../../contracts/input/metric.ts';
import { metricInWords } from '../result/verdict-list.tsx';
import { fieldId } from './draft/pointer.ts';
import { useForm } from './draft/use-draft.ts';
import { faultOf } from './fields/field-values.ts';
import { UnknownOption } from './fields/plain-fields.tsx';
import { numberField } from './fields/schema-fields.ts';
import { TypedInput } from './fields/typed-input.tsx';
import { useFocusAfter } from './use-focus-after.ts';

const usual = [
  'latency.endToEnd.p99Ms',
  'latency.endToEnd.p50Ms',
  'latency.endToEnd.p999Ms',
  'latency.publish.p99Ms',
  'messages.lost',
  'messages.failed',
  'throughput.consumed.messagesPerSecond',
];

const addId = 'add-requirement';
const bounds = ['atMost', 'atLeast'] as const;

/** What a variant has to meet, a sentence each. */
export function RequirementsForm() {
  const { draft, set } = useForm();
  const { requirements } = draft;
  const focusAfter = useFocusAfter();
  const remove = (index: number) => {
    focusAfter(index < requirements.length - 1 ? fieldId(['requirements', index, 'metric']) : addId);
    set(['requirements'], requirements.toSpliced(index, 1));
  };
  const add = () => {
    focusAfter(fieldId(['requirements', requirements.length, 'metric']));
    set(['requirements'], [...requirements, { metric: usual[0], atMost: 50 }]);
  };
  return (
    <div className="stack">
      {requirements.length === 0 && (
        <p className="soft">Without requirements it is measured, and nothing is recommended.</p>
      )}
      {requirements.map((_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: requirements are their places
        <Requirement key={index} index={index} onRemove={() => remove(index)} />
      ))}
      <p>
        <button type="button" id={addId} className="button" onClick={add}>
          Add a requirement
        </button>
      </p>
    </div>
  );
}

function Requirement({ index, onRemove }: { index: number; onRemove: () => void }) {
  const { draft, set, faultAt } = useForm();
  const requirement = draft.requirements[index] ?? {};
  const metric = String(requirement.metric ?? '');
  const [bound = 'atMost'] = bounds.filter((one) => one in requirement);
  const value = requirement[bound];
  const path = ['requirements', index] as const;
  const field = numberField(bound);
  const metricFault = faultAt(...path, 'metric');
  const valueFault = faultOf(field, value) ?? faultAt(...path, bound) ?? faultAt(...path);
  const id = fieldId(path);
  const number = index + 1;
  const described = (fault: string | undefined, name: string) => ({
    'aria-invalid': fault !== undefined,
    'aria-describedby': fault === undefined ? undefined : `${id}-${name}-fault`,
  });
  return (
    <div>
      <div className="requirement">
        <select
          id={fieldId([...path, 'metric'])}
          aria-label={`Requirement ${number}: metric`}
          {...described(metricFault, 'metric')}
          value={metric}
          onChange={(event) => set([...path, 'metric'], event.target.value)}
        >
          <UnknownOption value={metric} known={metricPaths} />
          <optgroup label="Usual">{usual.map(option)}</optgroup>
          <optgroup label="All others">
            {metricPaths.filter((one) => !usual.includes(one)).map(option)}
          </optgroup>
        </select>
        <select
          aria-label={`Requirement ${number}: bound`}
          value={bound}
          onChange={(event) => set(path, { metric, [event.target.value]: value })}
        >
          <option value="atMost">at most</option>
          <option value="atLeast">at least</option>
        </select>
        <TypedInput
          field={field}
          value={value}
          onChange={(given) => set([...path, bound], given ?? '')}
          attributes={{
            id: fieldId([...path, bound]),
            'aria-label': `Requirement ${number}: value${unitOf(metric)}`,
            ...described(valueFault, 'value'),
          }}
        />
        <button
          type="button"
          className="button quiet"
          aria-label={`Remove requirement ${number}`}
          onClick={onRemove}
        >
          Remove
        </button>
      </div>
      <Fault id={`${id}-metric-fault`} text={metricFault} />
      <Fault id={`${id}-value-fault`} text={valueFault} />
    </div>
  );
}

function Fault({ id, text }: { id: string; text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <p id={id} className="fault">
      {text}
    </p>
  );
}

function option(path: string) {
  return (
    <option key={path} value={path}>
      {metricInWords(path)}
      {unitOf(path)}
    </option>
  );
}

function unitOf(path: string): string {
  return path.endsWith('Ms') ? ', ms' : path.endsWith('Seconds') ? ', s' : '';
}

import { BLANK, block, LINE, NOTHING } from './layout.ts';
import type { Element, ListExpression, ListStyle } from './lists.ts';

/** A name and the template of its value. */
export interface Binding {
  readonly name: string;
  readonly value: string;
}

/** The template of an expression, what it comes to (`undefined`: only Nix can tell), and the names that it needs. */
export interface Rendered {
  readonly template: string;
  readonly names: readonly string[] | undefined;
  readonly bindings: readonly Binding[];
}

// Names as people give them, with all that Nix allows in one.
const POOL = ['base', 'small-en', "team's", '_extra', 'Models2', 'x', 'on-laptop', 'inOut', 'letters', 'nullable'];

/** Makes the template of a list, and of the bindings that its names need. */
export function render(expression: ListExpression): Rendered {
  const bindings: Binding[] = [];
  const bind = (value: string): string => {
    const round = Math.floor(bindings.length / POOL.length);
    const name = `${POOL[bindings.length % POOL.length]}${round || ''}`;
    bindings.push({ name, value });
    return name;
  };
  const { template, names } = renderList(expression, bind);
  return { template, names, bindings };
}

type Bind = (value: string) => string;
type Part = Pick<Rendered, 'template' | 'names'>;

function renderList(expression: ListExpression, bind: Bind): Part {
  switch (expression.kind) {
    case 'list': {
      const parts = expression.elements.map((each) => renderElement(each, bind));
      return {
        template: layOutList(
          parts.map(({ template }) => template),
          expression.style,
        ),
        names: all(parts.map(({ value }) => value)),
      };
    }
    case 'parentheses': {
      const { template, names } = renderList(expression.inner, bind);
      return { template: `(${NOTHING}${template}${NOTHING})`, names };
    }
    case 'name': {
      const { template, names } = renderList(expression.inner, bind);
      return { template: bind(template), names };
    }
    case 'twice': {
      const { template, names } = renderList(expression.inner, bind);
      const name = bind(template);
      return { template: `${name}${BLANK}++${BLANK}${name}`, names: names && [...names, ...names] };
    }
    case 'call': {
      const { template } = renderList(expression.inner, bind);
      const [before, after] = expression.call;
      return { template: `${before}${template}${after}`, names: undefined };
    }
    case 'concat': {
      const [left, right] = [renderList(expression.left, bind), renderList(expression.right, bind)];
      const names = left.names && right.names && [...left.names, ...right.names];
      return { template: `${left.template}${BLANK}++${BLANK}${right.template}`, names };
    }
  }
}

function renderElement(element: Element, bind: Bind): { template: string; value: string | undefined } {
  if (element.kind === 'literal') return { template: element.literal.source, value: element.literal.value };
  const { template, value } = renderElement(element.inner, bind);
  switch (element.kind) {
    case 'parentheses':
      return { template: `(${NOTHING}${template}${NOTHING})`, value };
    case 'name':
      return { template: bind(template), value };
    case 'interpolation': {
      const { before, after } = element;
      const inner = element.inner.kind === 'name' ? template : bind(template);
      return {
        template: `"${before}\${${inner}}${after}"`,
        value: value === undefined ? undefined : before + value + after,
      };
    }
  }
}

function layOutList(elements: readonly string[], style: ListStyle): string {
  const [first, ...rest] = elements;
  if (first === undefined)
    return style === 'tight' ? `[${NOTHING}]` : style === 'row' ? `[${BLANK}]` : block('[', [], ']');
  switch (style) {
    case 'lines':
      return block('[', elements, ']');
    case 'row':
      return `[${elements.map((each) => BLANK + each).join('')}${BLANK}]`;
    case 'tight':
      return `[${NOTHING}${rest.reduce((text, each) => text + (mayTouch(text, each) ? NOTHING : BLANK) + each, first)}${NOTHING}]`;
    case 'closing':
      return `[${BLANK}${first}${rest.map((each) => LINE + each).join('')}${BLANK}]`;
    case 'pairs':
      return block('[', pairs(elements), ']');
  }
}

/** Whether two elements stay two without a blank between them. */
function mayTouch(before: string, after: string): boolean {
  const isClosed = /["')]$/.test(before) && /^["'(]/.test(after);
  return isClosed && !(before.endsWith("'") && after.startsWith("'"));
}

function pairs(elements: readonly string[]): readonly string[] {
  return elements.flatMap((each, index) =>
    index % 2 === 0 ? [[each, ...elements.slice(index + 1, index + 2)].join(BLANK)] : [],
  );
}

function all<T>(values: readonly (T | undefined)[]): readonly T[] | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? known : undefined;
}

/** What an expression of Prometheus asks for: its metrics, and the labels that it expects of them. */
import { parser } from "@prometheus-io/lezer-promql";

type Node = ReturnType<typeof parser.parse>["topNode"];

/** A label that an expression expects. */
export interface ExpectedLabel {
  readonly label: string;
  /** Every one of these metrics has to have it. */
  readonly metrics: readonly string[];
}

/** What an expression asks for. */
export interface Expression {
  readonly metrics: readonly string[];
  readonly labels: readonly ExpectedLabel[];
}

/**
 * Reads an expression. Variables of Grafana are to be replaced before.
 *
 * @throws an error that names the column, when it is no PromQL
 */
export function readPromql(text: string): Expression {
  const top = parser.parse(text).topNode;
  const nodes = everyNode(top);
  const fault = nodes.find(({ type }) => type.isError);
  if (fault !== undefined) throw new Error(`Not PromQL at column ${fault.from + 1}: ${text}`);
  if (nodes.some(({ name }) => name === "MetricName" || name === "QuotedLabelMatcher"))
    throw new Error(`A quoted name, which is not read here: ${text}`);
  const wordOf = ({ from, to }: Node): string => text.slice(from, to);
  const metricsIn = (node: Node): string[] =>
    everyNode(node).flatMap((inner) => (inner.name === "VectorSelector" ? nameOf(inner, wordOf) : []));
  const labels = nodes.flatMap((node): ExpectedLabel[] => {
    if (node.name !== "LabelName" || node.parent === null) return [];
    return [{ label: wordOf(node), metrics: metricsIn(holderOf(node.parent)) }];
  });
  return { metrics: metricsIn(top), labels };
}

/** Whose metrics need a label: one selector, all that is aggregated, or both sides that are matched by it. */
function holderOf(node: Node): Node {
  const isHolder = ["VectorSelector", "AggregateExpr", "BinaryExpr"].includes(node.name);
  return isHolder || node.parent === null ? node : holderOf(node.parent);
}

function nameOf(selector: Node, wordOf: (node: Node) => string): string[] {
  const name = selector.getChild("Identifier");
  if (name === null) throw new Error(`A selector without the name of a metric: ${wordOf(selector)}`);
  return [wordOf(name)];
}

function everyNode(node: Node): Node[] {
  const found = [node];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) found.push(...everyNode(child));
  return found;
}

/** `multipleOf` for decimals: 541836.09 is a multiple of 0.01, though dividing the two leaves a rest in binary. */
import { _, type Ajv, str, type CodeKeywordDefinition } from "ajv";

/** The decimals that `toFixed` can write. */
const MOST_DECIMALS = 100;

const keyword: CodeKeywordDefinition = {
  keyword: "multipleOf",
  type: "number",
  schemaType: "number",
  error: {
    message: ({ schemaCode }) => str`must be multiple of ${schemaCode}`,
    params: ({ schemaCode }) => _`{multipleOf: ${schemaCode}}`,
  },
  code(context) {
    const { data, schemaCode } = context;
    const decimals = decimalsOf(Number(context.schema));
    if (decimals === 0 || decimals > MOST_DECIMALS) context.fail(_`${data} % ${schemaCode} !== 0`);
    // A number is a multiple when it is what the multiple is read as.
    else
      context.fail(_`Number((Math.round(${data} / ${schemaCode}) * ${schemaCode}).toFixed(${decimals})) !== ${data}`);
  },
};

/** Replaces Ajv's own keyword, which refuses one in nine amounts with two decimals. */
export function readDecimals(ajv: Ajv): Ajv {
  return ajv.removeKeyword("multipleOf").addKeyword(keyword);
}

/** The decimals that a number is written with: two of 0.01, seven of 1e-7. */
function decimalsOf(value: number): number {
  const [, fraction = "", exponent = "0"] = /^-?\d+(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  return Math.max(0, fraction.length - Number(exponent));
}

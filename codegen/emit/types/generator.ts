/**
 * Modelina, told how we write types: no names that it makes up, properties readonly and quoted where they must be,
 * anonymous objects in place, literals of every JSON type, comments that cannot be broken out of.
 */
import type {
  ConstrainedMetaModel,
  ConstrainedObjectPropertyModel,
  MetaModel,
  TypeScriptGenerator,
  TypeScriptOptions,
  TypeScriptTypeMapping,
} from "@asyncapi/modelina";
import type { UsedModelina as Modelina } from "./modelina.ts";
import { notesOf } from "./notes.ts";
import { indent, literalType, objectText, propertyText, unionText } from "./type-text.ts";

/** A generator that renders each meta model as one declaration, without `export`. */
export function createGenerator(modelina: Modelina): TypeScriptGenerator {
  const typeMapping = mapTypes(modelina);
  const constraints: TypeScriptOptions["constraints"] = {
    enumKey: ({ enumKey }) => enumKey,
    enumValue: ({ enumValue }) => literalType(enumValue),
    modelName: ({ modelName }) => modelName,
    propertyKey: ({ objectPropertyModel }) => JSON.stringify(objectPropertyModel.propertyName),
    constant: () => undefined,
  };
  // Our names and types are whole already: nothing is split off, and an object's type waits for its properties'.
  class InlineGenerator extends modelina.TypeScriptGenerator {
    override splitMetaModel(model: MetaModel): MetaModel[] {
      return [model];
    }

    override constrainToMetaModel(metaModel: MetaModel): ConstrainedMetaModel {
      const context = {
        metaModel,
        constrainedName: "",
        options: this.options,
        dependencyManager: this.getDependencyManager(this.options),
      };
      return modelina.constrainMetaModel(typeMapping, constraints, context, [modelina.ConstrainedReferenceModel]);
    }
  }
  const members = memberTexts(modelina);
  return new InlineGenerator({
    modelType: "interface",
    enumType: "union",
    mapType: "record",
    rawPropertyNames: true,
    useJavascriptReservedKeywords: false,
    typeMapping,
    constraints,
    presets: [
      {
        interface: {
          self: ({ model }) =>
            `interface ${model.name} {\n${indent(members(Object.values(model.properties)).join("\n"))}\n}`,
        },
        type: { self: ({ model }) => declareAlias(model.name, model.type) },
        enum: { self: ({ model }) => declareAlias(model.name, model.type) },
      },
    ],
  });
}

function declareAlias(name: string, type: string): string {
  return `type ${name} =${type.startsWith("\n") ? "" : " "}${type};`;
}

function mapTypes(modelina: Modelina): TypeScriptTypeMapping {
  const { alternatives, conjuncts, element } = operands(modelina);
  const members = memberTexts(modelina);
  return {
    Any: () => "unknown",
    Boolean: () => "boolean",
    Float: () => "number",
    Integer: () => "number",
    String: () => "string",
    Reference: ({ constrainedModel }) => constrainedModel.name,
    Enum: ({ constrainedModel }) => unionText(alternatives(constrainedModel)),
    Union: ({ constrainedModel }) =>
      notesOf(constrainedModel).intersection
        ? conjuncts(constrainedModel).join(" & ")
        : unionText(alternatives(constrainedModel)),
    Array: ({ constrainedModel }) => `readonly ${element(constrainedModel.valueModel)}[]`,
    Tuple({ constrainedModel }) {
      const required = notesOf(constrainedModel).required ?? 0;
      const elements = constrainedModel.tuple.map(({ value, index }) => {
        // Of `...readonly X[]` the compiler resolves X at once, so that X could not lead back here.
        if (notesOf(value).rest) return `...${value.type.replace(/^readonly /, "")}`;
        return index < required ? value.type : `${element(value)}?`;
      });
      return `readonly [${elements.join(", ")}]`;
    },
    Dictionary: ({ constrainedModel }) => `{ readonly [key: string]: ${constrainedModel.value.type} }`,
    Object: ({ constrainedModel }) => objectText(members(Object.values(constrainedModel.properties))),
  };
}

/** The lines of an object type: its properties, and the index signature, which must admit what they hold. */
function memberTexts(modelina: Modelina): (properties: readonly ConstrainedObjectPropertyModel[]) => string[] {
  const { alternatives } = operands(modelina);
  return (properties) =>
    properties.map(({ unconstrainedPropertyName, required, property }) => {
      const unwrapped =
        property instanceof modelina.ConstrainedDictionaryModel && property.serializationType === "unwrap";
      if (!unwrapped) return propertyText(unconstrainedPropertyName, required, property.type, notesOf(property));
      const declared = properties.filter((other) => other.property !== property);
      const held = [property.value, ...declared.map((other) => other.property)].flatMap(alternatives);
      if (declared.some((other) => !other.required)) held.push("undefined");
      return `readonly [key: string]: ${unionText(held.includes("unknown") ? ["unknown"] : [...new Set(held)])};`;
    });
}

/** How a type is written as an operand of another: what its alternatives are, and where it needs parentheses. */
function operands({ ConstrainedEnumModel, ConstrainedUnionModel }: Modelina): {
  alternatives: (model: ConstrainedMetaModel) => readonly string[];
  conjuncts: (model: ConstrainedMetaModel) => readonly string[];
  element: (model: ConstrainedMetaModel) => string;
} {
  const isIntersection = (model: ConstrainedMetaModel) => notesOf(model).intersection === true;
  const alternatives = (model: ConstrainedMetaModel): readonly string[] => {
    if (model instanceof ConstrainedEnumModel) return [...new Set(model.values.map(({ value }) => String(value)))];
    if (isIntersection(model)) return [conjuncts(model).length > 1 ? `(${model.type})` : model.type];
    return model instanceof ConstrainedUnionModel ? [...new Set(model.union.flatMap(alternatives))] : [model.type];
  };
  const conjuncts = (model: ConstrainedMetaModel): readonly string[] => {
    if (!(model instanceof ConstrainedUnionModel)) return [model.type];
    return [
      ...new Set(model.union.flatMap((member) => (isIntersection(member) ? conjuncts(member) : [element(member)]))),
    ];
  };
  const element = (model: ConstrainedMetaModel): string => {
    const several = isIntersection(model) ? conjuncts(model).length > 1 : alternatives(model).length > 1;
    if (!several && !model.type.startsWith("readonly ")) return model.type;
    return model.type.startsWith("\n") ? `(${model.type}\n)` : `(${model.type})`;
  };
  return { alternatives, conjuncts, element };
}

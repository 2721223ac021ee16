/** The few of Modelina's meta models that JSON needs, by the names of type theory. */
import type { MetaModel } from "@asyncapi/modelina";
import type { JsonType } from "./json-types.ts";
import type { UsedModelina as Modelina } from "./modelina.ts";
import { annotate } from "./notes.ts";

/** A property of an object. */
export interface Property {
  readonly name: string;
  readonly required: boolean;
  readonly model: MetaModel;
}

export interface MetaModels {
  /** Any value. */
  unknown(): MetaModel;
  /** No value. */
  never(): MetaModel;
  simple(type: Exclude<JsonType, "object" | "array">): MetaModel;
  /** Exactly these JSON values. */
  literals(values: readonly unknown[]): MetaModel;
  /** The type of a shared schema. */
  reference(name: string): MetaModel;
  union(members: readonly MetaModel[]): MetaModel;
  intersection(members: readonly MetaModel[]): MetaModel;
  array(element: MetaModel): MetaModel;
  /** `required` elements are always there; `rest` is the array of what follows the last. */
  tuple(elements: readonly MetaModel[], required: number, rest: MetaModel | undefined): MetaModel;
  dictionary(value: MetaModel): MetaModel;
  /** `index` is what undeclared names hold, where that is not just anything. */
  object(properties: readonly Property[], index: MetaModel | undefined): MetaModel;
  /** The model as a declaration of that name. */
  named(name: string, model: MetaModel): MetaModel;
  isUnknown(model: MetaModel): boolean;
  isReference(model: MetaModel): boolean;
}

/** Stands around the name of a reference in printed types; no other text that we print can hold it. */
export const REFERENCE_MARK = "\0";

/** Builders over a loaded Modelina. Anonymous models have no name, since they are printed where they are used. */
export function metaModels(modelina: Modelina): MetaModels {
  const { AnyModel, ArrayModel, BooleanModel, DictionaryModel, EnumModel, EnumValueModel, FloatModel, ObjectModel } =
    modelina;
  const { ObjectPropertyModel, ReferenceModel, StringModel, TupleModel, TupleValueModel, UnionModel } = modelina;
  const unknown = () => new AnyModel("", {}, {});
  const literals = (values: readonly unknown[]) =>
    new EnumModel(
      "",
      {},
      {},
      values.map((value) => new EnumValueModel(JSON.stringify(value), value)),
    );
  const isUnknown = (model: MetaModel) => model instanceof AnyModel;
  const isNever = (model: MetaModel) => model instanceof EnumModel && model.values.length === 0;
  const key = () => new StringModel("", {}, {});
  const dictionary = (value: MetaModel, serialization: "normal" | "unwrap" = "normal") =>
    new DictionaryModel("", {}, {}, key(), value, serialization);
  return {
    unknown,
    never: () => literals([]),
    simple(type) {
      if (type === "string") return new StringModel("", {}, {});
      if (type === "number") return new FloatModel("", {}, {});
      return type === "boolean" ? new BooleanModel("", {}, {}) : literals([null]);
    },
    literals,
    reference: (name) => new ReferenceModel(`${REFERENCE_MARK}${name}${REFERENCE_MARK}`, {}, {}, unknown()),
    union(members) {
      if (members.some(isUnknown)) return unknown();
      const possible = members.filter((member) => !isNever(member));
      const [only] = possible;
      if (only === undefined) return literals([]);
      return possible.length === 1 ? only : new UnionModel("", {}, {}, possible);
    },
    intersection(members) {
      const [only] = members;
      if (only === undefined) return unknown();
      if (members.length === 1) return only;
      const model = new UnionModel("", {}, {}, [...members]);
      annotate(model, { intersection: true });
      return model;
    },
    array: (element) => new ArrayModel("", {}, {}, element),
    tuple(elements, required, rest) {
      if (rest !== undefined) annotate(rest, { rest: true });
      const all = rest === undefined ? elements : [...elements, rest];
      const model = new TupleModel(
        "",
        {},
        {},
        all.map((element, index) => new TupleValueModel(index, element)),
      );
      annotate(model, { required });
      return model;
    },
    dictionary,
    object(properties, index) {
      const model = new ObjectModel("", {}, {}, {});
      for (const { name, required, model: property } of properties) {
        // Quoted, so that `__proto__` is a key like any other and `10` does not move to the front.
        model.properties[JSON.stringify(name)] = new ObjectPropertyModel(name, required, property);
      }
      if (index !== undefined) model.properties.index = new ObjectPropertyModel("", false, dictionary(index, "unwrap"));
      return model;
    },
    named(name, model) {
      const declared = model instanceof ReferenceModel ? new UnionModel("", model.originalInput, {}, [model]) : model;
      declared.name = name;
      return declared;
    },
    isUnknown,
    isReference: (model) => model instanceof ReferenceModel,
  };
}

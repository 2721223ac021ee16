/** The names of a project that is begun, all decided from three. */
import { constNameOf, fileNameOf, handlersTypeOf, publishesTypeOf, typeNameOf } from "../model/names.ts";

/** What the caller names. */
export interface Asked {
  /** The service that publishes. */
  readonly service: string;
  /** The event, as its channel is called: `parcelSent`. */
  readonly event: string;
  /** The service that reads. */
  readonly reader: string;
}

/** Every name that the files of the project need. */
export interface ProjectNames extends Asked {
  /** `parcel.sent` */
  readonly subject: string;
  /** The message of version 1: `ParcelSentV1`. */
  readonly message: string;
  /** The property that is the key: `parcel_id`. */
  readonly key: string;
  readonly stream: string;
  readonly deadLetters: string;
  /** Folders of the two services below `services/`, and of the event below `generated/events/`. */
  readonly serviceFolder: string;
  readonly readerFolder: string;
  readonly eventFolder: string;
  readonly publishesType: string;
  readonly handlersType: string;
  readonly handlers: string;
  /** How the operations of the two services are called in the contract. */
  readonly publishing: string;
  readonly handling: string;
}

/** Names that generated code, subjects, durables and folders can all be made of. */
const NAME = /^[a-z][A-Za-z0-9]{0,39}$/;

/** Decides the names. @returns A sentence when one cannot be used. */
export function decideNames(asked: Asked): ProjectNames | string {
  const { service, event, reader } = asked;
  for (const [option, name] of Object.entries({ service, event, reader })) {
    if (NAME.test(name)) continue;
    return `--${option} is a name of up to 40 letters and digits that begins with a small letter, such as ${LIKE[option] ?? "parcels"}, not ${JSON.stringify(name)}`;
  }
  if (service === reader) return `--service and --reader are two services, and both are called ${service}`;
  const words = fileNameOf(event).split("-");
  const upper = fileNameOf(service).replaceAll("-", "_").toUpperCase();
  const type = typeNameOf(event);
  return {
    ...asked,
    subject: words.join("."),
    message: `${type}V1`,
    key: `${words[0]}_id`,
    stream: upper,
    deadLetters: `${upper}_DEAD_LETTERS`,
    serviceFolder: fileNameOf(service),
    readerFolder: fileNameOf(reader),
    eventFolder: fileNameOf(event),
    publishesType: publishesTypeOf(service),
    handlersType: handlersTypeOf(reader),
    handlers: `${constNameOf(reader)}Handlers`,
    publishing: `${service}Publishes${type}`,
    handling: `${reader}Handles${type}`,
  };
}

const LIKE: Readonly<Record<string, string>> = { service: "parcels", event: "parcelSent", reader: "notices" };

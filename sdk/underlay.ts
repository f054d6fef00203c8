import * as pulumi from "@pulumi/pulumi";
import { LAB_HOST } from "../provider/values.ts";
import { LabHost } from "./components/lab-host.ts";
import { refuseOtherHost } from "./interface.ts";
import { namespaceOf, type Place, placeName } from "./place.ts";
import { reporting } from "./reported-errors.ts";

/**
 * Returns the underlay of a tunnel as an input for the provider. One on another lab host than the tunnel is reported.
 */
export function underlayName(underlay: Place, own: Place): pulumi.Input<string> | undefined {
  const isObject = underlay instanceof LabHost || pulumi.Resource.isInstance(underlay);
  if (isObject) reporting(() => refuseOtherHost(underlay, own));
  if (!(underlay instanceof LabHost)) return placeName(underlay);
  return namespaceOf(own) === undefined ? undefined : LAB_HOST;
}

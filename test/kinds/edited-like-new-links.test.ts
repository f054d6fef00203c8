// @kernel netem, vlan, vlan-filtering
import { editedLikeNew } from "../support/component-labs/edited-like-new.ts";

editedLikeNew({ sequences: 1, isFull: true });

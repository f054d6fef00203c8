import { editedLikeNew } from "../support/component-labs/edited-like-new.ts";

editedLikeNew({ sequences: 3, isFull: false });

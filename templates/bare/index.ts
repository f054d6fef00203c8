import { Namespace } from "pulumi-netns";

const red = new Namespace("red");
export const name = red.name;

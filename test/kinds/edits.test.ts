import { manyLives } from "../support/model/many-lives.ts";

manyLives({ seed: 45, minutes: 0.15, most: 17 });

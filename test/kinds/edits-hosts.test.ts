import { manyLives } from "../support/model/many-lives.ts";

manyLives({ seed: 8, minutes: 0.15, most: 10, seconds: 240, sort: { isFar: true } });

// Semaphore's own packages, as the reference of the contract tests: a JSON list of questions on standard input, a list
// of answers on standard output. Numbers are decimal strings.
//
//   {"identity": "a secret text"}      its public key and commitment: {"ax", "ay", "commitment"}
//   {"root": [leaf, ...]}              of the group with these leaves, 0 for an empty one
//   {"siblings": [leaf, ...], "index"} of a leaf, from the bottom up
"use strict";
const fs = require("fs");
const { Group } = require("@semaphore-protocol/group");
const { Identity } = require("@semaphore-protocol/identity");

const text = (value) => value.toString();

function answer(question) {
  if ("identity" in question) {
    const { publicKey, commitment } = new Identity(question.identity);
    return { ax: text(publicKey[0]), ay: text(publicKey[1]), commitment: text(commitment) };
  }
  if ("root" in question) return text(new Group(question.root).root);
  return new Group(question.siblings).generateMerkleProof(question.index).siblings.map(text);
}

process.stdout.write(JSON.stringify(JSON.parse(fs.readFileSync(0, "utf8")).map(answer)));

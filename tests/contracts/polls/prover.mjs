// Semaphore's own packages behind standard input and output: a request a line, an answer a line, both JSON.
//
//   {"do": "identity", "of": NAME}                      -> {"commitment", "publicKey"}
//   {"do": "prove", "of": NAME, "leaves", "depth", "message", "scope"}
//                                                       -> {"root", "nullifier", "points"}
//   with "path": {"root", "index", "siblings"} in place of "leaves", the proof is about that path
//
// NAME is the identity's private key. Numbers are decimal strings. A request that fails is answered {"error"}.

import path from "node:path"
import {createInterface} from "node:readline"
import {fileURLToPath} from "node:url"
import {Group} from "@semaphore-protocol/group"
import {Identity} from "@semaphore-protocol/identity"
import {generateProof} from "@semaphore-protocol/proof"

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..")
const artifacts = path.join(root, "node_modules/@zk-kit/semaphore-artifacts")

function identity({of}) {
    const {commitment, publicKey} = new Identity(of)
    return {commitment: String(commitment), publicKey: publicKey.map(String)}
}

function pathOf(name, {root, index, siblings}) {
    return {root: BigInt(root), leaf: new Identity(name).commitment, index, siblings: siblings.map(BigInt)}
}

async function prove({of, leaves, path: given, depth, message, scope}) {
    const keys = {
        wasm: path.join(artifacts, `semaphore-${depth}.wasm`),
        zkey: path.join(artifacts, `semaphore-${depth}.zkey`)
    }
    const group = leaves ? new Group(leaves) : pathOf(of, given)
    const proof = await generateProof(new Identity(of), group, BigInt(message), BigInt(scope), depth, keys)
    return {root: proof.merkleTreeRoot, nullifier: proof.nullifier, points: proof.points.map(String)}
}

const deeds = {identity, prove}

for await (const line of createInterface({input: process.stdin})) {
    const request = JSON.parse(line)
    let answer
    try {
        answer = await deeds[request.do](request)
    } catch (error) {
        answer = {error: String(error)}
    }
    process.stdout.write(JSON.stringify(answer) + "\n")
}
process.exit(0)

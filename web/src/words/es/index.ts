import app from "./app.json";
import chain from "./chain.json";
import members from "./members.json";
import offices from "./offices.json";
import parts from "./parts.json";
import proofs from "./proofs.json";

export default { ...app, ...chain, ...members, ...offices, ...parts, ...proofs };

import app from "./app.json";
import members from "./members.json";
import parts from "./parts.json";
import proofs from "./proofs.json";

export default { ...app, ...members, ...parts, ...proofs };

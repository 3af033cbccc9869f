import app from "./app.json";
import members from "./members.json";
import parts from "./parts.json";

export default { ...app, ...members, ...parts };

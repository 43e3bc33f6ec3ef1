import { describeExecutor } from "./describe-executor";
import { rayHost } from "./ray-host";

describeExecutor(rayHost);

"use client";
import { Button } from "@atelier/ui";
import { FileUp } from "lucide-react";
import { useState } from "react";
import { ImportRunDialog } from "./import-run-dialog";

/** Where a method from elsewhere comes in. */
export function ImportRunButton() {
	const [open, setOpen] = useState(false);
	return (
		<>
			<Button onClick={() => setOpen(true)}>
				<FileUp /> Import a run
			</Button>
			<ImportRunDialog open={open} onOpenChange={setOpen} />
		</>
	);
}

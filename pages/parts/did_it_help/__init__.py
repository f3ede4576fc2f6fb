"""The parts of the page Did it help?: what to score, the job, the verdict, the details. Read `form` first."""

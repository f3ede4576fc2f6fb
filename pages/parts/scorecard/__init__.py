"""The parts of the Scorecard page: what to score, the job, the verdict, the details. Read `form` first."""

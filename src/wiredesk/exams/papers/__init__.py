"""The exams, one a module, each with one public function ``sit`` (``exams.sitting.Paper``)."""

"""Wrong files, class by class of the catalogue, each with the answer that it must get."""
